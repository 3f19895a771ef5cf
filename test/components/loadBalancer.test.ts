import assert from "node:assert/strict";
import { LoadBalancer, type LoadBalancerArgs } from "../../components/edge/loadBalancer";
import { COMMON, type Rendered, render } from "./support";

function renderBalancer(changes: Partial<LoadBalancerArgs> = {}) {
  return render(
    () =>
      new LoadBalancer("load-balancer-test", {
        ...COMMON,
        vpcId: "vpc-1",
        subnetIds: ["subnet-1", "subnet-2", "subnet-3"],
        securityGroupId: "sg-alb",
        listener: { protocol: "HTTPS", port: 443 },
        certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/abc",
        applicationPort: 8443,
        healthCheckPath: "/healthz/ready",
        live: "blue",
        deletionProtection: true,
        ...changes,
      }),
  );
}

describe("LoadBalancer", () => {
  let balancer: Rendered;
  before(async () => {
    balancer = await renderBalancer();
  });

  it("faces the internet, hardened and protected", () => {
    assert.deepEqual(balancer.tagged("alb-test"), {
      loadBalancerType: "application",
      internal: false,
      subnets: ["subnet-1", "subnet-2", "subnet-3"],
      securityGroups: ["sg-alb"],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "strictest",
      xffHeaderProcessingMode: "append",
      enableTlsVersionAndCipherSuiteHeaders: false,
      enableHttp2: true,
      idleTimeout: 60,
      clientKeepAlive: 60,
      enableZonalShift: true,
      enableWafFailOpen: false,
      ipAddressType: "ipv4",
      enableDeletionProtection: true,
    });
    assert.equal(balancer.get("alb-test").options.protect, true);
  });

  for (const color of ["blue", "green"])
    it(`sends to ${color} over TLS, never sticks, and does not let an idle color poison its name`, () => {
      assert.deepEqual(balancer.tagged(`${color}-tg-test`), {
        vpcId: "vpc-1",
        targetType: "ip",
        protocol: "HTTPS",
        port: 8443,
        healthCheck: {
          protocol: "HTTPS",
          path: "/healthz/ready",
          matcher: "200",
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
        deregistrationDelay: 30,
        loadBalancingAlgorithmType: "least_outstanding_requests",
        stickiness: { type: "lb_cookie", enabled: false },
        targetGroupHealth: {
          dnsFailover: {
            minimumHealthyTargetsCount: "off",
            minimumHealthyTargetsPercentage: "off",
          },
        },
      });
    });

  it("listens with the current TLS policy and refuses what no rule takes", () => {
    assert.deepEqual(balancer.tagged("alb-listener-test"), {
      loadBalancerArn: balancer.get("alb-test").state.arn,
      protocol: "HTTPS",
      port: 443,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/abc",
      defaultActions: [
        {
          type: "fixed-response",
          fixedResponse: {
            statusCode: "503",
            contentType: "text/plain",
            messageBody: "unavailable",
          },
        },
      ],
    });
  });

  it("keeps the weights on a rule of their own, whose actions Pulumi never changes again", () => {
    const arnOf = (color: string) => balancer.get(`${color}-tg-test`).state.arn;
    assert.deepEqual(balancer.tagged("weights-rule-test"), {
      listenerArn: balancer.get("alb-listener-test").state.arn,
      priority: 100,
      conditions: [{ pathPattern: { values: ["/*"] } }],
      actions: [
        {
          type: "forward",
          order: 1,
          forward: {
            targetGroups: [
              { arn: arnOf("blue"), weight: 100 },
              { arn: arnOf("green"), weight: 0 },
            ],
            stickiness: { enabled: false, duration: 1 },
          },
        },
      ],
    });
    assert.deepEqual(balancer.get("weights-rule-test").options.ignoreChanges, ["actions"]);
  });

  it("begins with everything on the live color", async () => {
    const green = await renderBalancer({ live: "green" });
    const [action] = green.get("weights-rule-test").inputs.actions as {
      forward: { targetGroups: { weight: number }[] };
    }[];
    assert.deepEqual(
      action?.forward.targetGroups.map(({ weight }) => weight),
      [0, 100],
    );
  });

  it("takes plain HTTP only where that is asked for, without a TLS policy", async () => {
    const plain = await renderBalancer({
      listener: { protocol: "HTTP", port: 80 },
      certificateArn: undefined,
    });
    const { protocol, port, sslPolicy, certificateArn } = plain.get("alb-listener-test").inputs;
    assert.deepEqual(
      { protocol, port, sslPolicy, certificateArn },
      { protocol: "HTTP", port: 80, sslPolicy: undefined, certificateArn: undefined },
    );
  });
});
