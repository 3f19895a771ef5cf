/** The database that takes writes. */
export interface Writer {
  color: string;
  endpoint: string;
  secretArn: string;
}

/** Milliseconds between two looks that a failure asks for. */
const REREAD_AFTER = 500;

/**
 * What the parameter says, as it was last read. A parameter that cannot be read, or that says
 * nothing of use, changes nothing: the last known writer is then the best guess, and no guess is
 * dangerous, since a database that must take no writes lets the application in no more.
 */
export class WriterPointer {
  private known: Writer | undefined;
  private reading: Promise<void> | undefined;
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly readParameter: () => Promise<string>,
    private readonly onChange: (writer: Writer) => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  get writer(): Writer | undefined {
    return this.known;
  }

  /** Looks at the parameter, once for all who ask meanwhile. Never rejects. */
  refresh(): Promise<void> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** The same, unless it was done just now. */
  refreshSoon(): Promise<void> {
    return performance.now() - this.readAt < REREAD_AFTER ? Promise.resolve() : this.refresh();
  }

  private async read(): Promise<void> {
    try {
      const writer = parseWriter(await this.readParameter());
      const changed = this.known === undefined || !isSame(this.known, writer);
      if (changed) this.known = writer;
      if (changed) this.onChange(writer);
    } catch (error) {
      this.onFailure(error);
    } finally {
      this.readAt = performance.now();
    }
  }
}

export function isSame(one: Writer, other: Writer): boolean {
  return one.endpoint === other.endpoint && one.secretArn === other.secretArn;
}

/** Throws when the text is not that of a writer. */
export function parseWriter(text: string): Writer {
  const { color, endpoint, secretArn } = Object(JSON.parse(text)) as { [field: string]: unknown };
  for (const [name, value] of Object.entries({ color, endpoint, secretArn }))
    if (typeof value !== "string" || value === "")
      throw new Error(`the writer pointer has no ${name}: ${text}`);
  return { color, endpoint, secretArn } as Writer;
}
