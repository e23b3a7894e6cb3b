//! The checks, one file each, named as their rule. Not here: what a rule says to people (`rules/policy/`).




mod callers;
mod data_everywhere;
mod elements;
mod empty_values;
mod everybody;
mod forms;
mod key;
mod names;
mod principals;
mod redundancy;
mod sids;
mod size;
mod star;
mod texts;

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
    all_kms_actions,
    allow_with_not_action,
    allow_with_not_principal,
    allow_with_not_resource,
    arn_account_not_allowed,
    arn_region_not_allowed,
    create_slr_with_not_action_and_not_resource,
    create_slr_with_not_resource,
    create_slr_with_star_in_action_and_not_resource,
    create_slr_with_star_in_action_and_resource,
    create_slr_with_star_in_resource,
    create_slr_with_star_in_resource_and_not_action,
    data_type_mismatch,
    decryption_with_all_keys,
    duplicate_keys_with_different_case,
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
    federated_principal_not_supported,
    full_administrator_access,
    invalid_action,
    invalid_arn_account,
    invalid_arn_prefix,
    invalid_arn_region,
    invalid_arn_resource,
    invalid_arn_service_case,
    invalid_effect,
    invalid_federated_principal_syntax_in_role_trust_policy,
    invalid_partition,
    invalid_policy_element,
    invalid_principal_format,
    invalid_principal_key,
    invalid_region,
    invalid_role_reference,
    invalid_service,
    invalid_service_in_action,
    invalid_service_principal_format,
    invalid_user_reference,
    invalid_variable_for_operator,
    invalid_version,
    json_syntax_error,
    kms_action_without_effect_across_accounts,
    kms_administration_with_use,
    kms_grants_without_limit,
    kms_key_lock_out,
    kms_key_without_iam,
    mismatched_action_for_principal,
    missing_action,
    missing_action_for_roles_anywhere_trust_policy,
    missing_arn_account,
    missing_arn_field,
    missing_arn_region,
    missing_brace_in_variable,
    missing_effect,
    missing_principal,
    missing_quote_in_variable,
    missing_resource,
    missing_statement,
    missing_version,
    oidc_trust_of_any_subject,
    pass_role_with_not_action_and_not_resource,
    pass_role_with_not_resource,
    pass_role_with_star_in_action_and_not_resource,
    pass_role_with_star_in_action_and_resource,
    pass_role_with_star_in_resource,
    pass_role_with_star_in_resource_and_not_action,
    policy_size_exceeds_identity_policy_quota,
    policy_size_exceeds_rcp_quota,
    policy_size_exceeds_resource_policy_quota,
    policy_size_exceeds_role_trust_policy_quota,
    policy_size_exceeds_scp_quota,
    privilege_escalation,
    privilege_escalation_through_passed_service,
    public_access,
    rcp_syntax_error_action,
    rcp_syntax_error_allow,
    rcp_syntax_error_notaction,
    rcp_syntax_error_principal,
    read_of_all_buckets,
    read_of_all_parameters,
    read_of_all_secrets,
    read_of_all_tables,
    redundant_action,
    redundant_principal_in_role_trust_policy,
    redundant_resource,
    redundant_statement,
    resource_policy_without_tls,
    role_trust_policy_syntax_error_notprincipal,
    role_trust_policy_syntax_error_resource,
    role_trust_policy_unsupported_wildcard_in_principal,
    role_trusts_everybody,
    scp_syntax_error_action_wildcard,
    scp_syntax_error_principal,
    secret_arn_without_suffix,
    secret_policy_may_become_public,
    unique_sids_recommended,
    unique_sids_required,
    unsupported_action_in_policy,
    unsupported_element_combination,
    unsupported_principal,
    unsupported_resource_arn_in_policy,
    unsupported_sid,
    unsupported_space_in_variable,
    unsupported_wildcard_in_principal,
    variable_unsupported_in_element,
    variable_unsupported_in_version,
    wildcard_in_service_name,
}
