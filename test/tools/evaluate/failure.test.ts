import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { renderComponent } from "../../support/component";

describe("an evaluation that failed", () => {
  it("leaves nothing behind for the next, however late its resources find out", async () => {
    const heard: unknown[] = [];
    const listen = (reason: unknown) => heard.push(reason);
    process.on("unhandledRejection", listen);
    await assert.rejects(
      renderComponent(() => {
        const broken = new aws.sns.Topic("first").arn.apply((): string => {
          throw new Error("the one cause");
        });
        // As what takes longer to make, such as a serialized function, finds out later.
        for (const delay of [0, 15, 30, 45])
          new aws.sns.Topic(`after-${delay}`, {
            displayName: pulumi.output(sleep(delay, "")).apply(() => broken),
          });
      }),
      /the one cause/,
    );
    await sleep(100);
    process.removeListener("unhandledRejection", listen);
    assert.deepEqual(heard, []);
  });
});
