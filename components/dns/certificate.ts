import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { COLORS, type Color } from "../../lambdas/cutover/contract";
import { type CommonArgs, resourceName } from "../common";
import { certificateMistakes } from "./mistakes";
import { colorName, misplaced } from "./names";

export interface CertificateArgs extends CommonArgs {
  /** Name under which clients come, at most 64 characters. */
  domainName: string;
  /** Public hosted zone of the domain. */
  zoneId: pulumi.Input<string>;
}

type ValidationOption = aws.types.output.acm.CertificateDomainValidationOption;

/**
 * A certificate for the domain and both colors' names, proven by records in the hosted zone and
 * renewed by AWS as long as these stand. For those who do not bring one of their own.
 *
 * A mistake in the arguments is a `ResourceError`, and so is a domain outside the zone, as soon as
 * its first record shows it: AWS would wait for the proof for more than an hour.
 */
export class Certificate extends pulumi.ComponentResource {
  /** Known once AWS has issued the certificate: a listener takes none before. */
  public readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("payments:dns:Certificate", name, {}, opts);
    const mistakes = certificateMistakes(args.domainName);
    if (mistakes.length > 0) throw this.error(name, mistakes.join("\n  "));
    const { environment, domainName } = args;
    const alternatives = COLORS.map((color) => colorName(color, domainName));
    const certificate = new aws.acm.Certificate(
      resourceName("certificate", environment),
      {
        domainName,
        subjectAlternativeNames: alternatives,
        validationMethod: "DNS",
        keyAlgorithm: "RSA_2048",
        tags: args.tags,
      },
      { parent: this },
    );
    const proofs = [undefined, ...COLORS].map((color) =>
      this.prove(certificate, color, name, args),
    );
    const validation = new aws.acm.CertificateValidation(
      resourceName("certificate-validation", environment),
      { certificateArn: certificate.arn, validationRecordFqdns: proofs },
      { parent: this },
    );
    this.arn = validation.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }

  /** The record by which AWS sees that the domain is ours. */
  private prove(
    certificate: aws.acm.Certificate,
    color: Color | undefined,
    name: string,
    args: CertificateArgs,
  ): pulumi.Output<string> {
    const { environment, domainName } = args;
    const domain = color === undefined ? domainName : colorName(color, domainName);
    const option = certificate.domainValidationOptions.apply((options) =>
      optionOf(options, domain),
    );
    const record = new aws.route53.Record(
      resourceName("certificate-proof", environment, color),
      {
        zoneId: args.zoneId,
        name: option.resourceRecordName,
        type: option.resourceRecordType,
        records: [option.resourceRecordValue],
        ttl: 60,
      },
      { parent: this },
    );
    return pulumi.all([option.resourceRecordName, record.fqdn]).apply(([wanted, got]) => {
      const mistake = misplaced(wanted, got);
      if (mistake !== undefined) throw this.error(name, `zoneId: ${mistake}`);
      return got;
    });
  }

  private error(name: string, message: string): pulumi.ResourceError {
    return new pulumi.ResourceError(`certificate ${name}: ${message}`, this, true);
  }
}

/** AWS tells them in any order. */
function optionOf(options: ValidationOption[], domain: string): ValidationOption {
  const option = options.find(({ domainName }) => domainName === domain);
  if (option === undefined) throw new Error(`ACM asks for no proof of ${domain}`);
  return option;
}
