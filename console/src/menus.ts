// Menus close by themselves: when something else is clicked, and on Escape.

const closeMenus = (except: EventTarget | null): void => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]'))
    if (!(except instanceof Node && menu.contains(except))) menu.open = false
}

export const startMenus = (): void => {
  document.addEventListener('click', (event) => closeMenus(event.target))
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeMenus(null)
  })
}
