import { type Color, otherColor } from "../../lambdas/cutover/contract";
import { type Image, parseImage, shortDigest } from "./image";
import type { Proof } from "./proven";
import type { Source } from "./source";
import type { StackFile } from "./stackFile";

/** What a person asked for. */
export interface Wish {
  from: string;
  to: string;
  /** @default the color that is not live there */
  live?: Color;
  /** Why a release that nothing proves is made all the same. */
  force?: string;
}

/** What is to become of the file. */
export type Decision =
  | { kind: "refused"; reasons: string[]; canForce: boolean }
  | { kind: "nothing"; reason: string }
  | { kind: "change"; release: Release };

export interface Release {
  target: Color;
  digest: string;
  /** For the file: its own repository, and the digest. */
  image: string;
  /** What was shown of the digest. @default nothing: it is forced */
  proof?: Proof;
  /** What was overruled by force. */
  overruled: string[];
  /** Where the image comes from, if that is another repository than where it has to be. */
  copyFrom?: string;
}

/** Pulumi.yaml's default for a file that does not say who is live. */
const DEFAULT_LIVE: Color = "blue";

/** Decides what to change in a stack's file, by what another environment shows. Pure. */
export function decideRelease(wish: Wish, source: Source, file: StackFile): Decision {
  const { from, to } = wish;
  const live = file.live ?? DEFAULT_LIVE;
  const target = wish.live ?? otherColor(live);
  if (target === live)
    return never(
      `${live} is live in ${to}: its image would change in place, which no cutover judges and nothing takes back. Release to ${otherColor(live)}.`,
    );
  const { image } = source;
  if (!image.known)
    return never(`what runs in ${source.live} of ${from} is unknown: ${image.reason}`);
  const proven = parseImage(image.value);
  if (proven?.digest === undefined)
    return never(
      `${source.live} of ${from} runs ${image.value}, which names no digest: what a tag means may change between there and ${to}. Deploy it there by its digest.`,
    );
  const { digest } = proven;
  const doubts = doubtsOf(wish, source, digest);
  if (doubts.length > 0 && wish.force === undefined)
    return { kind: "refused", reasons: doubts, canForce: true };
  if (parseImage(file.images[live])?.digest === digest)
    return {
      kind: "nothing",
      reason: `${live}, which is live in ${to}, runs ${shortDigest(digest)} already`,
    };
  return {
    kind: "change",
    release: releaseOf(target, { ...proven, digest }, source, file, doubts),
  };
}

function never(reason: string): Decision {
  return { kind: "refused", reasons: [reason], canForce: false };
}

/** What keeps the digest from being released, unless it is forced. */
function doubtsOf({ from }: Wish, source: Source, digest: string): string[] {
  const { proofs, phase, running, live, ailments } = source;
  const short = shortDigest(digest);
  const isProven = proofs.known && proofs.value.some((proof) => proof.digest === digest);
  const isRunning =
    running.known && running.value.some((image) => parseImage(image)?.digest === digest);
  return [
    ...(proofs.known
      ? isProven
        ? []
        : [`${from} has completed no cutover with ${short}`]
      : [`whether ${from} has completed a cutover with ${short} is unknown: ${proofs.reason}`]),
    ...(phase === "idle" ? [] : [`${from} is not at rest: its controller is ${phase}`]),
    ...(isRunning
      ? []
      : [
          running.known
            ? `${live} of ${from} runs ${running.value.join(", ") || "nothing"}, and was given ${short}`
            : `what ${live} of ${from} runs is unknown: ${running.reason}`,
        ]),
    ...ailments.map((ailment) => `${from} is not well: ${ailment}`),
  ];
}

function releaseOf(
  target: Color,
  proven: Image & { digest: string },
  { proofs }: Source,
  { images }: StackFile,
  overruled: string[],
): Release {
  const { digest } = proven;
  // Each environment has a registry of its own, or shares one: the digest is the same.
  const own = parseImage(images[target]) ?? parseImage(images[otherColor(target)]);
  const repository = own?.repository ?? proven.repository;
  const proof = proofs.known ? proofs.value.find((one) => one.digest === digest) : undefined;
  return {
    ...{ target, digest, overruled },
    image: `${repository}@${digest}`,
    ...(proof && { proof }),
    ...(repository !== proven.repository && { copyFrom: `${proven.repository}@${digest}` }),
  };
}
