// Addresses of single things, so that every link to one is written the same way.

export const incidentPath = (id: string): string => `/incidents/${encodeURIComponent(id)}`
export const problemPath = (id: string): string => `/problems/${encodeURIComponent(id)}`
export const ciPath = (id: string): string => `/cis/${encodeURIComponent(id)}`
export const changePath = (id: string): string => `/changes/${encodeURIComponent(id)}`
export const requestPath = (id: string): string => `/requests/${encodeURIComponent(id)}`
export const processPath = (id: string): string => `/processes/${encodeURIComponent(id)}`
