import type { ReplacementTable } from "./table";

/** Sources: the provider's schemas of aws_security_group*, aws_vpc_security_group_*, aws_flow_log, aws_network_acl*, aws_lb*, aws_route53_record and aws_wafv2_*. */
export const NETWORK: ReplacementTable = {
  "awsx:ec2:Vpc": {
    replaced: "cidrBlock",
    inPlace: "enableDnsHostnames enableDnsSupport natGateways tags",
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    replaced: "description name namePrefix vpcId",
    inPlace: "egress ingress revokeRulesOnDelete",
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    replaced: "vpcId",
    inPlace: "egress ingress",
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    replaced: "securityGroupId",
    inPlace: `
      cidrIpv4 cidrIpv6 description fromPort ipProtocol prefixListId referencedSecurityGroupId
      toPort`,
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    replaced: "securityGroupId",
    inPlace: `
      cidrIpv4 cidrIpv6 description fromPort ipProtocol prefixListId referencedSecurityGroupId
      toPort`,
  },
  "aws:ec2/flowLog:FlowLog": {
    replaced: `
      eniId iamRoleArn logDestination logDestinationType logFormat maxAggregationInterval
      subnetId trafficType vpcId`,
    inPlace: "",
  },
  "aws:ec2/networkAcl:NetworkAcl": {
    replaced: "vpcId",
    inPlace: "egress ingress subnetIds",
  },
  "aws:ec2/networkAclRule:NetworkAclRule": {
    replaced: `
      cidrBlock egress fromPort icmpCode icmpType ipv6CidrBlock networkAclId protocol
      ruleAction ruleNumber toPort`,
    inPlace: "",
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    replaced: "customerOwnedIpv4Pool internal loadBalancerType name namePrefix",
    inPlace: `
      accessLogs clientKeepAlive connectionLogs desyncMitigationMode dropInvalidHeaderFields
      enableDeletionProtection enableHttp2 enableTlsVersionAndCipherSuiteHeaders
      enableWafFailOpen enableXffClientPort enableZonalShift idleTimeout ipAddressType
      preserveHostHeader securityGroups xffHeaderProcessingMode`,
  },
  "aws:lb/listener:Listener": {
    replaced: "loadBalancerArn",
    inPlace: "alpnPolicy certificateArn defaultActions port protocol sslPolicy",
  },
  "aws:lb/listenerRule:ListenerRule": {
    replaced: "listenerArn",
    inPlace: "actions conditions",
  },
  "aws:lb/targetGroup:TargetGroup": {
    replaced: "ipAddressType name namePrefix port protocol protocolVersion targetType vpcId",
    inPlace: `
      deregistrationDelay healthCheck loadBalancingAlgorithmType loadBalancingCrossZoneEnabled
      slowStart stickiness targetGroupHealth`,
  },
  "aws:route53/record:Record": {
    replaced: "name setIdentifier zoneId",
    inPlace: "aliases allowOverwrite healthCheckId records ttl weightedRoutingPolicies",
  },
  "aws:wafv2/webAcl:WebAcl": {
    replaced: "name namePrefix scope",
    inPlace: `
      customResponseBodies dataProtectionConfig defaultAction description rules
      visibilityConfig`,
  },
  "aws:wafv2/webAclAssociation:WebAclAssociation": {
    replaced: "resourceArn webAclArn",
    inPlace: "",
  },
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
    replaced: "logDestinationConfigs resourceArn",
    inPlace: "loggingFilter redactedFields",
  },
};
