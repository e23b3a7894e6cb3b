//! Which property of which resource holds a policy, and of what kind that policy is, for CloudFormation and Terraform.
//! Not here: how their documents are read.
//!
//! Sources: the CloudFormation template reference and the documentation of the Terraform AWS provider.

use crate::PolicyKind::{self, *};

/// Where a policy stands, and what that says of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attachment {
    /// `AWS::KMS::Key`, `aws_kms_key`.
    pub(super) resource: &'static str,
    /// The property or argument; parts of a path are joined by `.`, and a list on the way is passed through.
    pub(super) property: &'static str,
    /// What the policy is.
    pub(super) kind: PolicyKind,
    /// The service of a resource policy.
    pub(super) service: Option<&'static str>,
}

const fn on(
    resource: &'static str,
    property: &'static str,
    kind: PolicyKind,
    service: Option<&'static str>,
) -> Attachment {
    Attachment { resource, property, kind, service }
}

/// The attachments of a resource type.
pub(super) fn of(resource: &str) -> impl Iterator<Item = &'static Attachment> {
    let table = if resource.starts_with("AWS::") { CLOUDFORMATION } else { TERRAFORM };
    table.iter().filter(move |attachment| attachment.resource == resource)
}

/// CloudFormation and SAM.
const CLOUDFORMATION: &[Attachment] = &[
    on("AWS::IAM::Role", "AssumeRolePolicyDocument", Trust, Some("sts")),
    on("AWS::IAM::Role", "Policies.PolicyDocument", Identity, None),
    on("AWS::IAM::User", "Policies.PolicyDocument", Identity, None),
    on("AWS::IAM::Group", "Policies.PolicyDocument", Identity, None),
    on("AWS::IAM::Policy", "PolicyDocument", Identity, None),
    on("AWS::IAM::ManagedPolicy", "PolicyDocument", Identity, None),
    on("AWS::IAM::RolePolicy", "PolicyDocument", Identity, None),
    on("AWS::IAM::UserPolicy", "PolicyDocument", Identity, None),
    on("AWS::IAM::GroupPolicy", "PolicyDocument", Identity, None),
    on("AWS::SSO::PermissionSet", "InlinePolicy", Identity, None),
    on("AWS::Serverless::Function", "AssumeRolePolicyDocument", Trust, Some("sts")),
    on("AWS::Serverless::Function", "Policies", Identity, None),
    on("AWS::Serverless::StateMachine", "Policies", Identity, None),
    on("AWS::KMS::Key", "KeyPolicy", KmsKey, Some("kms")),
    on("AWS::KMS::ReplicaKey", "KeyPolicy", KmsKey, Some("kms")),
    on("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", Secret, Some("secretsmanager")),
    on("AWS::S3::BucketPolicy", "PolicyDocument", Resource, Some("s3")),
    on("AWS::S3::AccessPoint", "Policy", Resource, Some("s3")),
    on("AWS::S3::MultiRegionAccessPointPolicy", "Policy", Resource, Some("s3")),
    on("AWS::S3ObjectLambda::AccessPointPolicy", "PolicyDocument", Resource, Some("s3-object-lambda")),
    on("AWS::S3Express::BucketPolicy", "PolicyDocument", Resource, Some("s3express")),
    on("AWS::S3Outposts::BucketPolicy", "PolicyDocument", Resource, Some("s3-outposts")),
    on("AWS::SQS::QueuePolicy", "PolicyDocument", Resource, Some("sqs")),
    on("AWS::SQS::QueueInlinePolicy", "PolicyDocument", Resource, Some("sqs")),
    on("AWS::SNS::TopicPolicy", "PolicyDocument", Resource, Some("sns")),
    on("AWS::SNS::TopicInlinePolicy", "PolicyDocument", Resource, Some("sns")),
    on("AWS::ECR::Repository", "RepositoryPolicyText", Resource, Some("ecr")),
    on("AWS::ECR::RegistryPolicy", "PolicyText", Resource, Some("ecr")),
    on("AWS::ECR::PublicRepository", "RepositoryPolicyText", Resource, Some("ecr-public")),
    on("AWS::EC2::VPCEndpoint", "PolicyDocument", VpcEndpoint, None),
    on("AWS::Elasticsearch::Domain", "AccessPolicies", Resource, Some("es")),
    on("AWS::OpenSearchService::Domain", "AccessPolicies", Resource, Some("es")),
    on("AWS::ApiGateway::RestApi", "Policy", Resource, Some("execute-api")),
    on("AWS::Serverless::Api", "Auth.ResourcePolicy.CustomStatements", Resource, Some("execute-api")),
    on("AWS::Backup::BackupVault", "AccessPolicy", Resource, Some("backup")),
    on("AWS::Events::EventBus", "Policy", Resource, Some("events")),
    on("AWS::Events::EventBusPolicy", "Statement", Resource, Some("events")),
    on("AWS::DynamoDB::Table", "ResourcePolicy.PolicyDocument", Resource, Some("dynamodb")),
    on("AWS::DynamoDB::Table", "StreamSpecification.ResourcePolicy.PolicyDocument", Resource, Some("dynamodb")),
    on("AWS::EFS::FileSystem", "FileSystemPolicy", Resource, Some("elasticfilesystem")),
    on("AWS::CodeArtifact::Domain", "PermissionsPolicyDocument", Resource, Some("codeartifact")),
    on("AWS::CodeArtifact::Repository", "PermissionsPolicyDocument", Resource, Some("codeartifact")),
    on("AWS::Logs::ResourcePolicy", "PolicyDocument", Resource, Some("logs")),
    on("AWS::Logs::LogGroup", "ResourcePolicyDocument", Resource, Some("logs")),
    on("AWS::Kinesis::ResourcePolicy", "ResourcePolicy", Resource, Some("kinesis")),
    on("AWS::MediaStore::Container", "Policy", Resource, Some("mediastore")),
    on("AWS::VpcLattice::AuthPolicy", "Policy", Resource, Some("vpc-lattice-svcs")),
    on("AWS::VpcLattice::ResourcePolicy", "Policy", Resource, Some("vpc-lattice")),
    on("AWS::ACMPCA::Permission", "Policy", Resource, Some("acm-pca")),
    on("AWS::MSK::ClusterPolicy", "Policy", Resource, Some("kafka")),
    on("AWS::S3Tables::TableBucketPolicy", "ResourcePolicy", Resource, Some("s3tables")),
    on("AWS::RolesAnywhere::Profile", "SessionPolicy", Session, None),
    on("AWS::XRay::ResourcePolicy", "PolicyDocument", Resource, Some("xray")),
    on("AWS::Organizations::Policy", "Content", Scp, None),
    on("AWS::Organizations::ResourcePolicy", "Content", Resource, Some("organizations")),
];

/// The Terraform AWS provider.
const TERRAFORM: &[Attachment] = &[
    on("aws_iam_role", "assume_role_policy", Trust, Some("sts")),
    on("aws_iam_role", "inline_policy.policy", Identity, None),
    on("aws_iam_policy", "policy", Identity, None),
    on("aws_iam_role_policy", "policy", Identity, None),
    on("aws_iam_user_policy", "policy", Identity, None),
    on("aws_iam_group_policy", "policy", Identity, None),
    on("aws_ssoadmin_permission_set_inline_policy", "inline_policy", Identity, None),
    on("aws_kms_key", "policy", KmsKey, Some("kms")),
    on("aws_kms_key_policy", "policy", KmsKey, Some("kms")),
    on("aws_kms_external_key", "policy", KmsKey, Some("kms")),
    on("aws_kms_replica_key", "policy", KmsKey, Some("kms")),
    on("aws_kms_replica_external_key", "policy", KmsKey, Some("kms")),
    on("aws_secretsmanager_secret", "policy", Secret, Some("secretsmanager")),
    on("aws_secretsmanager_secret_policy", "policy", Secret, Some("secretsmanager")),
    on("aws_s3_bucket", "policy", Resource, Some("s3")),
    on("aws_s3_bucket_policy", "policy", Resource, Some("s3")),
    on("aws_s3_access_point", "policy", Resource, Some("s3")),
    on("aws_s3control_access_point_policy", "policy", Resource, Some("s3")),
    on("aws_s3control_object_lambda_access_point_policy", "policy", Resource, Some("s3-object-lambda")),
    on("aws_sqs_queue", "policy", Resource, Some("sqs")),
    on("aws_sqs_queue_policy", "policy", Resource, Some("sqs")),
    on("aws_sns_topic", "policy", Resource, Some("sns")),
    on("aws_sns_topic_policy", "policy", Resource, Some("sns")),
    on("aws_ecr_repository_policy", "policy", Resource, Some("ecr")),
    on("aws_ecr_registry_policy", "policy", Resource, Some("ecr")),
    on("aws_ecrpublic_repository_policy", "policy", Resource, Some("ecr-public")),
    on("aws_vpc_endpoint", "policy", VpcEndpoint, None),
    on("aws_vpc_endpoint_policy", "policy", VpcEndpoint, None),
    on("aws_elasticsearch_domain", "access_policies", Resource, Some("es")),
    on("aws_elasticsearch_domain_policy", "access_policies", Resource, Some("es")),
    on("aws_opensearch_domain", "access_policies", Resource, Some("es")),
    on("aws_opensearch_domain_policy", "access_policies", Resource, Some("es")),
    on("aws_api_gateway_rest_api", "policy", Resource, Some("execute-api")),
    on("aws_api_gateway_rest_api_policy", "policy", Resource, Some("execute-api")),
    on("aws_backup_vault_policy", "policy", Resource, Some("backup")),
    on("aws_cloudwatch_event_bus_policy", "policy", Resource, Some("events")),
    on("aws_cloudwatch_log_resource_policy", "policy_document", Resource, Some("logs")),
    on("aws_cloudwatch_log_destination_policy", "access_policy", Resource, Some("logs")),
    on("aws_dynamodb_resource_policy", "policy", Resource, Some("dynamodb")),
    on("aws_efs_file_system_policy", "policy", Resource, Some("elasticfilesystem")),
    on("aws_glacier_vault", "access_policy", Resource, Some("glacier")),
    on("aws_glacier_vault_lock", "policy", Resource, Some("glacier")),
    on("aws_glue_resource_policy", "policy", Resource, Some("glue")),
    on("aws_codeartifact_domain_permissions_policy", "policy_document", Resource, Some("codeartifact")),
    on("aws_codeartifact_repository_permissions_policy", "policy_document", Resource, Some("codeartifact")),
    on("aws_kinesis_resource_policy", "policy", Resource, Some("kinesis")),
    on("aws_media_store_container_policy", "policy", Resource, Some("mediastore")),
    on("aws_acmpca_policy", "policy", Resource, Some("acm-pca")),
    on("aws_lambda_layer_version_permission", "policy", Resource, Some("lambda")),
    on("aws_ses_identity_policy", "policy", Resource, Some("ses")),
    on("aws_sesv2_email_identity_policy", "policy", Resource, Some("ses")),
    on("aws_vpclattice_auth_policy", "policy", Resource, Some("vpc-lattice-svcs")),
    on("aws_vpclattice_resource_policy", "policy", Resource, Some("vpc-lattice")),
    on("aws_msk_cluster_policy", "policy", Resource, Some("kafka")),
    on("aws_networkfirewall_resource_policy", "policy", Resource, Some("network-firewall")),
    on("aws_redshift_resource_policy", "policy", Resource, Some("redshift")),
    on("aws_s3control_multi_region_access_point_policy", "details.policy", Resource, Some("s3")),
    on("aws_s3tables_table_bucket_policy", "resource_policy", Resource, Some("s3tables")),
    on("aws_s3tables_table_policy", "resource_policy", Resource, Some("s3tables")),
    on("aws_sagemaker_model_package_group_policy", "resource_policy", Resource, Some("sagemaker")),
    on("aws_organizations_policy", "content", Scp, None),
    on("aws_organizations_resource_policy", "content", Resource, Some("organizations")),
];
