/** Four strokes and one across them: a tally. */
export function BrandMark({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#154c79" />
      <path
        d="M8.5 9.5v13M13.5 9.5v13M18.5 9.5v13M23.5 9.5v13"
        stroke="#fff"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      <path d="M5.5 20.5 26.5 11.5" stroke="#ffb13d" strokeWidth="2.8" strokeLinecap="round" />
    </svg>
  );
}
