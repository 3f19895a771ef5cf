import type { Answer, ReturnAddress } from "./memory";

/** CloudFormation takes answers of up to 4096 bytes (its reference of custom resources). */
const LARGEST_BYTES = 4096;

/** The answer in CloudFormation's form, its reason cut where the whole would be too long. */
export function answerBody(address: ReturnAddress, { status, reason }: Answer): string {
  const { requestId, stackId, logicalResourceId, physicalResourceId } = address;
  const bodyWith = (Reason: string) =>
    JSON.stringify({
      Status: status,
      Reason,
      PhysicalResourceId: physicalResourceId,
      StackId: stackId,
      RequestId: requestId,
      LogicalResourceId: logicalResourceId,
    });
  let kept = reason;
  while (Buffer.byteLength(bodyWith(kept)) > LARGEST_BYTES && kept.length > 3)
    kept = `${kept.slice(0, Math.floor(kept.length * 0.9) - 3)}...`;
  return bodyWith(kept);
}
