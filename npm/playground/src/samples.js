// The samples and the paths that they have, and the types of policies. Their secrets are made when they are opened. Not here: how (`expand.js`).

import compose from "../samples/compose.yml.txt";
import env from "../samples/env.txt";
import keyPolicy from "../samples/key-policy.json.txt";
import terraform from "../samples/main.tf.txt";
import policy from "../samples/policy.json.txt";
import settings from "../samples/settings.py.txt";
import template from "../samples/template.yaml.txt";
import trust from "../samples/trust-policy.json.txt";
import { expand } from "./expand.js";

const both = "Secrets and policies";
const secrets = "Secrets";
const policies = "Policies";

/** The groups, in the order of the menu. */
export const families = [both, secrets, policies];

/** What a policy may be attached to: the words of `keylint --policy-type`. */
export const policyTypes = [
  ["identity", "Identity"],
  ["resource", "Resource"],
  ["trust", "Role trust"],
  ["kms-key", "KMS key"],
  ["secret", "Secret"],
  ["scp", "Service control"],
  ["rcp", "Resource control"],
  ["vpc-endpoint", "VPC endpoint"],
  ["boundary", "Boundary"],
  ["session", "Session"],
];

const sample = (family, title, path, template) => ({ id: path, family, title, path, text: () => expand(template) });

/** The first one is shown at the start. */
export const samples = [
  sample(both, "Terraform", "infra/main.tf", terraform),
  sample(both, "CloudFormation", "infra/template.yaml", template),
  sample(secrets, "Python", "app/settings.py", settings),
  sample(secrets, "Environment file", ".env.production", env),
  sample(secrets, "Docker Compose", "docker-compose.yml", compose),
  sample(policies, "IAM policy", "iam/policy.json", policy),
  sample(policies, "KMS key policy", "iam/key-policy.json", keyPolicy),
  sample(policies, "Role trust policy", "iam/trust-policy.json", trust),
];
