/** `1.8 s`, `4:12 min`. */
export function seconds(length: number): string {
  if (length < 59.95) return `${length.toFixed(1)} s`;
  const whole = Math.round(length);
  if (whole < 3600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
  return `${Math.floor(whole / 3600)}:${String(Math.floor(whole / 60) % 60).padStart(2, '0')} h`;
}

export function spokenScore(score: number): string {
  return `${score.toFixed(1)} decibels above noise`;
}
