// How the guide looks: one column of text, the contents beside it, light or dark as the reader has it.
export const STYLE = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2024, #e6e8eb);
  --quiet: light-dark(#5a626b, #9aa3ad);
  --line: light-dark(#dfe3e8, #30363d);
  --paper: light-dark(#ffffff, #14171a);
  --code: light-dark(#f3f5f7, #1e2226);
  --link: light-dark(#0b5cad, #7ab8ff);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 76rem; padding: 1rem 1.5rem 4rem; color: var(--text);
  background: var(--paper); font: 1rem/1.6 system-ui, sans-serif;
  display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 2.5rem;
}
nav { position: sticky; top: 1rem; align-self: start; font-size: .9rem; line-height: 1.9; }
nav a { display: block; color: var(--quiet); text-decoration: none; }
nav a:hover, nav a[aria-current] { color: var(--text); }
nav a[aria-current] { font-weight: 600; }
nav .home { color: var(--text); font-weight: 600; margin-bottom: .5rem; }
main { min-width: 0; }
h1 { font-size: 1.8rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
a { color: var(--link); }
code, pre { font: .875em/1.55 ui-monospace, monospace; background: var(--code); border-radius: 4px; }
code { padding: .1em .3em; overflow-wrap: anywhere; }
pre { padding: .8rem 1rem; overflow-x: auto; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; }
td[align=right], th[align=right] { text-align: right; }
img { max-width: 100%; border: 1px solid var(--line); border-radius: 6px; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--quiet); }
@media (max-width: 48rem) {
  body { grid-template-columns: minmax(0, 1fr); gap: 1rem; padding: 1rem; }
  nav { position: static; display: flex; flex-wrap: wrap; gap: 0 1rem; }
}
`
