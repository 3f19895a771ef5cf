import type { Consumer, ServiceConsumer, TaskConsumer } from "./contract";
import { attempt, type Known, known, type Ports, type ServiceFacts, type TaskFacts } from "./ports";

/** One consumer, as one pass saw it. */
export type Sighting =
  | {
      kind: "service";
      consumer: ServiceConsumer;
      /** Epoch milliseconds at which the last of its secrets was rotated; undefined when none was. */
      rotatedAt: Known<number | undefined>;
      facts: Known<ServiceFacts>;
    }
  | {
      kind: "replicationTask";
      consumer: TaskConsumer;
      rotatedAt: Known<number | undefined>;
      facts: Known<TaskFacts>;
    };

/** What one pass saw. */
export interface Observation {
  /** Epoch milliseconds. */
  now: number;
  /** Name of the cutover controller's phase. */
  cutoverPhase: Known<string>;
  sightings: Sighting[];
}

/** Reads all that `decide` needs, at once; what fails to be read becomes unknown, with the reason. */
export async function observe(ports: Ports, consumers: Consumer[]): Promise<Observation> {
  const now = ports.clock.now();
  const [cutoverPhase, sightings] = await Promise.all([
    attempt(() => ports.cutover.readPhase()),
    Promise.all(consumers.map((consumer) => look(ports, consumer))),
  ]);
  return { now, cutoverPhase, sightings };
}

async function look(ports: Ports, consumer: Consumer): Promise<Sighting> {
  const rotated = readRotatedAt(ports, consumer.secretArns);
  if (consumer.kind === "service") {
    const reading = attempt(() => ports.services.read(consumer));
    const [rotatedAt, facts] = await Promise.all([rotated, reading]);
    return { kind: consumer.kind, consumer, rotatedAt, facts };
  }
  const reading = attempt(() => ports.tasks.read(consumer.taskArn));
  const [rotatedAt, facts] = await Promise.all([rotated, reading]);
  return { kind: consumer.kind, consumer, rotatedAt, facts };
}

/** The last rotation of several secrets: unknown as soon as one of them is. */
async function readRotatedAt(
  ports: Ports,
  secretArns: string[],
): Promise<Known<number | undefined>> {
  const readings = await Promise.all(
    secretArns.map((arn) => attempt(() => ports.secrets.readRotatedAt(arn))),
  );
  const times: number[] = [];
  for (const reading of readings) {
    if (!reading.known) return reading;
    if (reading.value !== undefined) times.push(reading.value);
  }
  return known(times.length === 0 ? undefined : Math.max(...times));
}
