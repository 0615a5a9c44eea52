// The documentation as pages of the program: which there are, and Markdown as HTML.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { Marked, type Tokens } from 'marked'

export const GUIDE = '/docs/guide'

/** Pages that live beside what they are written from. */
const ELSEWHERE: Readonly<Record<string, string>> = { kpis: 'dashboards/kpis/REFERENCE.md' }

export interface GuidePage {
  /** Below `/docs/guide`; the index is empty. */
  readonly path: string
  readonly title: string
  readonly html: string
}

export interface Guide {
  /** What the index names, in its order. */
  readonly contents: readonly GuidePage[]
  readonly pages: ReadonlyMap<string, GuidePage>
  /** Files of pictures by their path below `/docs/guide`. */
  readonly pictures: ReadonlyMap<string, string>
}

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort()

const pathOf = (file: string): string =>
  file
    .replace(/\.md$/, '')
    .replace(/(^|\/)README$/, '')
    .replace(/\/$/, '')

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const anchorOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')

/** A link between Markdown files becomes one between pages; out of the guide it is plain text. */
const targetOf = (href: string, file: string, known: ReadonlyMap<string, string>) => {
  if (/^(https?:|mailto:|#|\/)/.test(href)) return href
  const [path = '', anchor] = href.split('#')
  const page = known.get(posix.join(posix.dirname(file), path))
  if (page === undefined) return undefined
  const to = page === '' ? GUIDE : `${GUIDE}/${page}`
  return anchor === undefined ? to : `${to}#${anchor}`
}

const render = (text: string, file: string, known: ReadonlyMap<string, string>): string => {
  const marked = new Marked({
    renderer: {
      heading({ depth, text: title, tokens }: Tokens.Heading) {
        return `<h${depth} id="${anchorOf(title)}">${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      link({ href, tokens }: Tokens.Link) {
        const inner = this.parser.parseInline(tokens)
        const target = targetOf(href, file, known)
        return target === undefined ? inner : `<a href="${attribute(target)}">${inner}</a>`
      },
      image({ href, text: alternative }: Tokens.Image) {
        const source = `${GUIDE}/${posix.join(posix.dirname(pathless(file)), href)}`
        return `<img src="${attribute(source)}" alt="${attribute(alternative)}" loading="lazy">`
      },
      table(token: Tokens.Table) {
        const cells = (row: readonly Tokens.TableCell[], tag: string): string => {
          const inner = row.map(({ tokens, align }) => {
            const aligned = align === null ? '' : ` align="${align}"`
            return `<${tag}${aligned}>${this.parser.parseInline(tokens)}</${tag}>`
          })
          return `<tr>${inner.join('')}</tr>`
        }
        const body = token.rows.map((row) => cells(row, 'td')).join('\n')
        // Wide tables scroll by themselves, reachable by keyboard; the page does not.
        return `<div class="table" tabindex="0" role="region" aria-label="table"><table><thead>${cells(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`
      },
    },
  })
  return marked.parse(text, { async: false })
}

/** `docs/images/x.png` is served as `images/x.png`. */
const pathless = (file: string): string => file.replace(/^docs\//, '')

const titleOf = (text: string, fallback: string): string => /^# (.+)$/m.exec(text)?.[1] ?? fallback

const contentsOf = (
  index: string,
  known: ReadonlyMap<string, string>,
  pages: ReadonlyMap<string, GuidePage>,
): GuidePage[] => {
  const linked = [...index.matchAll(/\]\(([^)#]+\.md)\)/g)].map(([, href]) =>
    known.get(posix.join('docs', href!)),
  )
  return [...new Set(linked)].flatMap((path) => pages.get(path ?? '?') ?? [])
}

/** @param root holds `docs/`: the repository, or what was built from it */
export const readGuide = (root: string): Guide => {
  const docs = join(root, 'docs')
  if (!existsSync(docs)) return { contents: [], pages: new Map(), pictures: new Map() }
  const files = filesIn(docs)
  const texts = files.filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)
  const known = new Map([
    ...texts.map((file) => [file, pathOf(pathless(file))] as const),
    ...Object.entries(ELSEWHERE).map(([path, file]) => [file, path] as const),
  ])
  const pages = [...known].flatMap(([file, path]): GuidePage[] => {
    const source = join(root, file)
    if (!existsSync(source)) return []
    const text = readFileSync(source, 'utf8')
    return [{ path, title: titleOf(text, path), html: render(text, file, known) }]
  })
  const pictures = files.filter((file) => /\.(png|svg)$/.test(file))
  const byPath = new Map(pages.map((page) => [page.path, page]))
  return {
    contents: contentsOf(readFileSync(join(docs, 'README.md'), 'utf8'), known, byPath),
    pages: byPath,
    pictures: new Map(pictures.map((file) => [file, join(docs, file)])),
  }
}
