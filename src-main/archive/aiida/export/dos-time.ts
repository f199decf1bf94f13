/** A time as a zip has it: to two seconds, in the zone of whoever wrote it (PKWARE APPNOTE 4.4.6). */
export interface DosTime {
  readonly time: number;
  readonly date: number;
}

export const dosTime = (moment: Date): DosTime => ({
  time: (moment.getHours() << 11) | (moment.getMinutes() << 5) | (moment.getSeconds() >> 1),
  date: ((moment.getFullYear() - 1980) << 9) | ((moment.getMonth() + 1) << 5) | moment.getDate(),
});
