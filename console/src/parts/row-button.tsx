// A small button in a row of a list.

interface RowButtonProps {
  readonly label: string
  /** What it is about, for those who cannot see the row. */
  readonly about: string
  readonly onClick: () => void
}

export const RowButton = ({ label, about, onClick }: RowButtonProps) => (
  <button type="button" class="quiet" aria-label={`${label} ${about}`} onClick={onClick}>
    {label}
  </button>
)
