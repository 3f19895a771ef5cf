import { createHash } from "node:crypto";

export interface PaymentRequest {
  /** In the currency's smallest unit, such as cents. */
  amount: number;
  /** ISO 4217, such as EUR. */
  currency: string;
  merchantId: string;
  /** Chosen by the merchant: with the same one a payment is made once. */
  idempotencyKey: string;
}

export interface Mistake {
  /** Where: a field of the body, or a header. */
  field: string;
  allowed: string;
}

const MAX_AMOUNT = 999_999_999_999;
const CURRENCIES = Intl.supportedValuesOf("currency");

const FIELDS: { [field: string]: { allowed: string; isRight: (value: unknown) => boolean } } = {
  amount: {
    allowed: `a whole number of the currency's smallest unit, from 1 to ${MAX_AMOUNT}`,
    isRight: (value) =>
      Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_AMOUNT,
  },
  currency: {
    allowed: "a currency of ISO 4217, such as EUR",
    isRight: (value) => typeof value === "string" && CURRENCIES.includes(value),
  },
  merchantId: {
    allowed: "1 to 64 letters, digits, - and _",
    isRight: (value) => typeof value === "string" && /^[\w-]{1,64}$/.test(value),
  },
};

/**
 * Reads a request to pay; every mistake in it, if there is any. A mistake never quotes what was sent,
 * and no field is taken that is not known: card data has no way into answers, logs or tables.
 */
export function parsePaymentRequest(
  idempotencyKey: string | undefined,
  contentType: string | undefined,
  body: string,
): PaymentRequest | Mistake[] {
  const fields = parseObject(body);
  const mistakes = [
    ...headerMistakes(idempotencyKey, contentType),
    ...(fields === undefined
      ? [{ field: "body", allowed: "a JSON object with amount, currency and merchantId" }]
      : fieldMistakes(fields)),
  ];
  if (mistakes.length > 0) return mistakes;
  return { ...fields, idempotencyKey } as PaymentRequest;
}

/** The same for the same payment, however its JSON was written. */
export function hashOf({ amount, currency, merchantId }: PaymentRequest): string {
  const text = JSON.stringify([amount, currency, merchantId]);
  return createHash("sha256").update(text).digest("hex");
}

function headerMistakes(key: string | undefined, contentType: string | undefined): Mistake[] {
  const mistakes: Mistake[] = [];
  if (!/^[\x21-\x7e]{1,255}$/.test(key ?? ""))
    mistakes.push({
      field: "Idempotency-Key",
      allowed: "1 to 255 visible ASCII characters, the same ones for each try of a payment",
    });
  if (!/^application\/json *(;|$)/i.test(contentType ?? ""))
    mistakes.push({ field: "Content-Type", allowed: "application/json" });
  return mistakes;
}

function fieldMistakes(fields: { [field: string]: unknown }): Mistake[] {
  const wrong = Object.entries(FIELDS)
    .filter(([field, { isRight }]) => !isRight(fields[field]))
    .map(([field, { allowed }]) => ({ field, allowed }));
  const known = Object.keys(FIELDS);
  if (Object.keys(fields).every((field) => known.includes(field))) return wrong;
  return [...wrong, { field: "body", allowed: `no fields but ${known.join(", ")}` }];
}

function parseObject(text: string): { [field: string]: unknown } | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
