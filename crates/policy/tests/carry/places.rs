//! Which resource of CloudFormation and of Terraform a policy of a kind is carried to.
//! Not here: how the resource is written.

use keylint_policy::{PolicyKind, read};
use keylint_syntax::tree::Node;

/// A property or argument that holds a policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) resource: &'static str,
    pub(crate) property: &'static str,
    /// What else the resource has to say, as (name, value).
    pub(crate) also: Option<(&'static str, &'static str)>,
}

const fn at(resource: &'static str, property: &'static str) -> Place {
    Place { resource, property, also: None }
}

const fn of_type(resource: &'static str, property: &'static str, name: &'static str, word: &'static str) -> Place {
    Place { resource, property, also: Some((name, word)) }
}

/// The services with a resource policy of their own in both.
const SERVICES: &[(&str, Place, Place)] = &[
    ("s3", at("AWS::S3::BucketPolicy", "PolicyDocument"), at("aws_s3_bucket_policy", "policy")),
    ("sqs", at("AWS::SQS::QueuePolicy", "PolicyDocument"), at("aws_sqs_queue_policy", "policy")),
    ("sns", at("AWS::SNS::TopicPolicy", "PolicyDocument"), at("aws_sns_topic_policy", "policy")),
    ("ecr", at("AWS::ECR::Repository", "RepositoryPolicyText"), at("aws_ecr_repository_policy", "policy")),
    ("events", at("AWS::Events::EventBus", "Policy"), at("aws_cloudwatch_event_bus_policy", "policy")),
    ("execute-api", at("AWS::ApiGateway::RestApi", "Policy"), at("aws_api_gateway_rest_api_policy", "policy")),
    (
        "es",
        at("AWS::OpenSearchService::Domain", "AccessPolicies"),
        at("aws_opensearch_domain_policy", "access_policies"),
    ),
    ("backup", at("AWS::Backup::BackupVault", "AccessPolicy"), at("aws_backup_vault_policy", "policy")),
    (
        "logs",
        at("AWS::Logs::ResourcePolicy", "PolicyDocument"),
        at("aws_cloudwatch_log_resource_policy", "policy_document"),
    ),
];

/// The places in CloudFormation and Terraform for policies of this kind, a resource policy by the service of its actions.
pub(crate) fn of(kind: PolicyKind, policy: Option<&Node>) -> (Place, Place) {
    const SCP: &str = "SERVICE_CONTROL_POLICY";
    const RCP: &str = "RESOURCE_CONTROL_POLICY";
    match kind {
        PolicyKind::Trust => {
            (at("AWS::IAM::Role", "AssumeRolePolicyDocument"), at("aws_iam_role", "assume_role_policy"))
        }
        PolicyKind::KmsKey => (at("AWS::KMS::Key", "KeyPolicy"), at("aws_kms_key", "policy")),
        PolicyKind::Secret => (
            at("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"),
            at("aws_secretsmanager_secret_policy", "policy"),
        ),
        PolicyKind::Scp => (
            of_type("AWS::Organizations::Policy", "Content", "Type", SCP),
            of_type("aws_organizations_policy", "content", "type", SCP),
        ),
        PolicyKind::Rcp => (
            of_type("AWS::Organizations::Policy", "Content", "Type", RCP),
            of_type("aws_organizations_policy", "content", "type", RCP),
        ),
        PolicyKind::VpcEndpoint => {
            (at("AWS::EC2::VPCEndpoint", "PolicyDocument"), at("aws_vpc_endpoint_policy", "policy"))
        }
        PolicyKind::Resource => {
            let service = policy.and_then(service).unwrap_or_else(|| "s3".into());
            let found = SERVICES.iter().find(|(name, ..)| *name == service).unwrap_or(&SERVICES[0]);
            (found.1, found.2)
        }
        _ => (at("AWS::IAM::ManagedPolicy", "PolicyDocument"), at("aws_iam_policy", "policy")),
    }
}

/// The service of the first action.
fn service(policy: &Node) -> Option<String> {
    let policy = read(keylint_policy::hosts::Found::bare(policy.clone()));
    let action = policy.statements.iter().find_map(|statement| statement.action.as_ref()?.items.first())?;
    action.text.split_once(':').map(|(service, _)| service.to_ascii_lowercase())
}
