/** What a value is called that nobody should read. */
const SECRET = /pass(word|wd|phrase|code)|secret|token|credential|(api|access|private|signing)key/i;

/** Endings of names that stand for something about a secret: where it is, how old, how long. */
const ABOUT = /(Arn|Id|Name|Days|Hours|Minutes|Seconds|Length)s?$/;

/** Rather takes a harmless name for a secret one than shows a secret. */
export function looksSecret(name: string): boolean {
  // CloudFormation's own word for the ARN of the function that serves a custom resource.
  return SECRET.test(name) && !ABOUT.test(name) && name !== "ServiceToken";
}

/** Whether an expression of CloudFormation's becomes a secret: by reading one, or an attribute that is one. */
export function showsSecret(expression: unknown): boolean {
  const text = JSON.stringify(expression);
  if (/\{\{resolve:(secretsmanager|ssm-secure):/.test(text)) return true;
  return attributesIn(text).some(looksSecret);
}

/** Names of the attributes that a text reads by Fn::GetAtt, in its two forms, and by Fn::Sub. */
function attributesIn(text: string): string[] {
  const forms = [
    /"Fn::GetAtt":\["[^"]*","([^"]*)"\]/g,
    /"Fn::GetAtt":"[^".]*\.([^"]*)"/g,
    /\$\{[^}.!]*\.([^}]*)\}/g,
  ];
  return forms.flatMap((form) => [...text.matchAll(form)].map(([, name]) => name ?? ""));
}
