// Nothing that an alert says may deceive the eye.
import { describe, expect, test } from 'vitest'
import { safeLink } from './safe-link.ts'
import { parseShown, shown } from './shown.ts'

describe('unseen characters are shown as escapes', () => {
  test.each([
    ['a\u0007b', 'a\\u0007b'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['user\u202egnp.exe', 'user\\u202egnp.exe'],
    ['zero\u200bwidth', 'zero\\u200bwidth'],
    ['\u0000', '\\u0000'],
    ['lone \ud800', 'lone \\ud800'],
    ['c1 \u0085', 'c1 \\u0085'],
  ])('%j', (text, expected) => expect(shown(text)).toBe(expected))

  test.each(['two\nlines', 'a\ttab', 'ordinary', 'naïve 日本 😀'])('%j stays', (text) =>
    expect(shown(text)).toBe(text),
  )
})

describe('an answer is cleaned wherever the character hides', () => {
  test.each([
    ['escaped', '{"a":["x\\u202ey"]}', { a: ['x\\u202ey'] }],
    ['raw', '{"a":"x\u202ey"}', { a: 'x\\u202ey' }],
    ['upper-case escape', '{"a":"\\u202E"}', { a: '\\u202e' }],
    ['control', '{"a":"\\u0000"}', { a: '\\u0000' }],
    ['lone surrogate', '{"a":"\\ud800"}', { a: '\\ud800' }],
    ['nothing to clean', '{"a":"b","n":1}', { a: 'b', n: 1 }],
    ['a pair is one character', '{"a":"\\ud83d\\ude00"}', { a: '😀' }],
  ])('%s', (_name, json, expected) => expect(parseShown(json)).toEqual(expected))
})

describe('links out of alerts are http or https', () => {
  test.each([
    ['https://grafana.example/d/1', 'https://grafana.example/d/1'],
    ['HTTP://a.example', 'http://a.example/'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    [' https://a.example', undefined],
    ['//a.example', undefined],
    ['https://', undefined],
    [undefined, undefined],
  ])('%s', (given, expected) => expect(safeLink(given)).toBe(expected))
})
