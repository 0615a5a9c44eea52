// The KPI reference, from the definitions: what each figure means, for people.
import { dimensionsOf } from './query.ts'
import { KPIS } from './registry.ts'
import type { Kpi } from './types.ts'

const GOOD = { up: 'higher is better', down: 'lower is better', none: 'neither is better' } as const

const entry = (kpi: Kpi): string =>
  `## ${kpi.title}

**${kpi.question}**

- **Id:** \`${kpi.id}\`
- **Formula:** ${kpi.formula}
- **Population:** ${kpi.population}
- **Unit:** ${kpi.unit}, ${GOOD[kpi.good]}
- **Figures:** ${Object.keys(kpi.values).join(', ')}
- **By:** ${dimensionsOf(kpi).join(', ')}
`

const HEAD = `# KPI reference

Written by \`npm run dashboards\` from the files beside this. Each figure:
\`GET /api/v1/kpis/<id>?from=&to=&by=\`; the rows beneath it: \`GET /api/v1/kpis/<id>/rows\`.
Percentiles interpolate linearly between neighbours. Ranges include their start and exclude their end.
`

export const kpiReference = (): string => [HEAD, ...KPIS.map(entry)].join('\n')
