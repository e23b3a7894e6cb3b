//! The checks, one file each, named as their rule. Not here: what a rule says to people (`rules/policy/`).

mod addresses;
mod any_text;
mod callers;
mod data_everywhere;
mod dynamo;
mod elements;
mod empty_values;
mod everybody;
mod forms;
mod identifiers;
mod key;
mod keys;
mod names;
mod on_behalf;
mod operators;
mod perimeter;
mod principals;
mod reach;
mod redundancy;
mod sids;
mod size;
mod star;
mod tags;
mod texts;
mod typed_values;
mod web_identity;

use crate::context::{Context, Problem};

pub(crate) use json_syntax_error::problem as syntax_problem;

/// A check: the rule's id with `_` for `-`, and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// The module's name.
    pub module: &'static str,
    /// Adds what it finds in one policy.
    pub run: fn(&Context<'_>, &mut Vec<Problem>),
}

impl Check {
    /// The rule's id.
    pub fn rule(&self) -> String {
        self.module.replace('_', "-")
    }
}

macro_rules! checks {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*

        /// All checks, by name.
        pub const CHECKS: &[Check] = &[$(Check { module: stringify!($module), run: $module::check }),*];
    };
}

checks! {
    account_trusted_without_condition,
    admin_role_without_mfa,
    all_kms_actions,
    allow_notaction_with_unsupported_tag_condition_key_for_service,
    allow_with_not_action,
    allow_with_not_principal,
    allow_with_not_resource,
    allow_with_unsupported_tag_condition_key_for_service,
    arn_account_not_allowed,
    arn_region_not_allowed,
    confirm_audience_claim_type,
    create_slr_with_not_action_and_not_resource,
    create_slr_with_not_resource,
    create_slr_with_star_in_action_and_not_resource,
    create_slr_with_star_in_action_and_resource,
    create_slr_with_star_in_resource,
    create_slr_with_star_in_resource_and_not_action,
    data_type_mismatch,
    decryption_with_all_keys,
    deny_notaction_with_unsupported_tag_condition_key_for_service,
    deny_with_unsupported_tag_condition_key_for_service,
    deprecated_global_condition_key,
    duplicate_keys_with_different_case,
    dynamodb_attributes_without_return_values,
    dynamodb_attributes_without_select,
    dynamodb_invalid_return_consumed_capacity,
    dynamodb_invalid_return_values,
    dynamodb_invalid_select_value,
    dynamodb_replace_operation_with_attributes,
    dynamodb_scan_bypasses_leading_keys,
    dynamodb_wrong_condition_for_action,
    empty_array_action,
    empty_array_condition,
    empty_array_condition_forallvalues,
    empty_array_condition_foranyvalue,
    empty_array_condition_ifexists,
    empty_array_principal,
    empty_array_resource,
    empty_object_condition,
    empty_object_principal,
    empty_sid_value,
    empty_variable,
    equivalent_to_null_false,
    equivalent_to_null_true,
    federated_principal_not_supported,
    forallvalues_with_single_valued_key,
    foranyvalue_with_audience_claim_type,
    full_administrator_access,
    improve_ip_range,
    invalid_action,
    invalid_arn_account,
    invalid_arn_prefix,
    invalid_arn_region,
    invalid_arn_resource,
    invalid_arn_service_case,
    invalid_condition_data_type,
    invalid_condition_key_format,
    invalid_condition_multiple_boolean,
    invalid_condition_operator,
    invalid_date_value,
    invalid_effect,
    invalid_federated_principal_syntax_in_role_trust_policy,
    invalid_global_condition_key,
    invalid_kms_key_value,
    invalid_partition,
    invalid_policy_element,
    invalid_principal_format,
    invalid_principal_key,
    invalid_region,
    invalid_role_reference,
    invalid_service,
    invalid_service_condition_key,
    invalid_service_in_action,
    invalid_service_principal_format,
    invalid_user_reference,
    invalid_variable_for_operator,
    invalid_version,
    invalid_vpc_format,
    invalid_vpce_format,
    irrelevant_condition_key_in_policy,
    json_syntax_error,
    kms_action_without_effect_across_accounts,
    kms_administration_with_use,
    kms_grants_without_limit,
    kms_key_lock_out,
    kms_key_without_iam,
    mfa_condition_without_force,
    mismatched_action_for_principal,
    missing_action,
    missing_action_for_condition_key,
    missing_action_for_roles_anywhere_trust_policy,
    missing_arn_account,
    missing_arn_field,
    missing_arn_region,
    missing_brace_in_variable,
    missing_condition_key_for_oidc_principal,
    missing_effect,
    missing_github_repo_condition_key,
    missing_paired_condition_keys,
    missing_principal,
    missing_qualifier,
    missing_quote_in_variable,
    missing_resource,
    missing_statement,
    missing_tag_key_in_condition,
    missing_version,
    null_with_if_exists,
    null_with_qualifier,
    oidc_trust_of_any_subject,
    pass_role_with_not_action_and_not_resource,
    pass_role_with_not_resource,
    pass_role_with_star_in_action_and_not_resource,
    pass_role_with_star_in_action_and_resource,
    pass_role_with_star_in_resource,
    pass_role_with_star_in_resource_and_not_action,
    permissions_of_all_resources,
    policy_size_exceeds_identity_policy_quota,
    policy_size_exceeds_rcp_quota,
    policy_size_exceeds_resource_policy_quota,
    policy_size_exceeds_role_trust_policy_quota,
    policy_size_exceeds_scp_quota,
    possible_privilege_escalation,
    private_ip_address,
    private_ip_address_subset,
    private_not_ip_address,
    private_not_ip_address_subset,
    privilege_escalation,
    privilege_escalation_through_passed_service,
    public_access,
    rcp_missing_related_principal_condition_key,
    rcp_missing_related_service_principal_condition_key,
    rcp_missing_service_condition_key_null_check,
    rcp_syntax_error_action,
    rcp_syntax_error_allow,
    rcp_syntax_error_notaction,
    rcp_syntax_error_principal,
    read_of_all_buckets,
    read_of_all_parameters,
    read_of_all_secrets,
    read_of_all_tables,
    recommended_condition_key_for_service_principal,
    redundant_action,
    redundant_condition_value_num,
    redundant_key_due_to_wildcard_in_condition,
    redundant_principal_in_role_trust_policy,
    redundant_resource,
    redundant_statement,
    redundant_statement_due_to_wildcard_in_condition,
    resource_policy_without_tls,
    restrict_access_to_service_principal,
    role_trust_policy_syntax_error_notprincipal,
    role_trust_policy_syntax_error_resource,
    role_trust_policy_unsupported_wildcard_in_principal,
    role_trusts_everybody,
    s3_prefix_in_negative_context,
    scp_syntax_error_action_wildcard,
    scp_syntax_error_principal,
    secret_arn_without_suffix,
    secret_policy_may_become_public,
    secret_reader_is_writer,
    specific_github_repo_and_branch_recommended,
    string_like_operator_with_arn_condition_keys,
    trust_of_every_action,
    type_mismatch,
    type_mismatch_boolean,
    type_mismatch_date,
    type_mismatch_ip_range,
    type_mismatch_number,
    type_mismatch_string,
    unique_sids_recommended,
    unique_sids_required,
    unsupported_action_for_condition_key,
    unsupported_action_in_policy,
    unsupported_condition_key_for_service_principal,
    unsupported_element_combination,
    unsupported_global_condition_key,
    unsupported_principal,
    unsupported_resource_arn_in_policy,
    unsupported_sid,
    unsupported_space_in_variable,
    unsupported_wildcard_in_principal,
    untrustworthy_condition_key,
    use_condition_key_only_with_supported_services,
    variable_unsupported_in_element,
    variable_unsupported_in_version,
    variable_usage_too_permissive,
    wildcard_in_service_name,
    wildcard_usage_too_permissive,
    wildcard_without_like_operator,
}
