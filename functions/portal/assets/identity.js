// A first look at a resident identity number (GB 11643-1999). The server decides; this only helps to find a typo.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Whether `number` has 18 characters, a real birthday and the right check character. */
export function looksRight(number) {
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return false;
  const [, year, month, day] = number.match(/^.{6}(\d{4})(\d\d)(\d\d)/).map(Number);
  const born = new Date(Date.UTC(year, month - 1, day));
  if (year < 1900 || born.getUTCMonth() !== month - 1 || born.getUTCDate() !== day || born > new Date()) return false;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0);
  return '10X98765432'[sum % 11] === number[17];
}

/** The age in full years on `day`; null where the number can't be right. */
export function ageOn(number, day) {
  if (!looksRight(number)) return null;
  return Math.floor((Number(day.replaceAll('-', '')) - Number(number.slice(6, 14))) / 10_000);
}
