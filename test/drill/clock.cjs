// A clock that is wrong by DRILL_CLOCK_MILLISECONDS. Loaded before a program is.
const offset = Number(process.env.DRILL_CLOCK_MILLISECONDS ?? "0");
const RealDate = Date;

class SkewedDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + offset);
    else super(...given);
  }

  static now() {
    return RealDate.now() + offset;
  }
}

if (offset !== 0) globalThis.Date = SkewedDate;
