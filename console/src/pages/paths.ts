// Addresses of single things, so that every link to one is written the same way.

export const incidentPath = (id: string): string => `/incidents/${encodeURIComponent(id)}`
export const problemPath = (id: string): string => `/problems/${encodeURIComponent(id)}`
export const ciPath = (id: string): string => `/cis/${encodeURIComponent(id)}`
