//! What must be true of the built-in catalogue, and facts of AWS's documentation.
//! Not here: the comparison with Access Analyzer (`tests/catalogue.rs`) and the round trip, which the packer does itself.

use super::{AccessLevel, Catalogue, KeyKind, pack::compare};
use crate::wildcard;

const MOST: usize = 200_000;

/// Fails where two neighbours are not in the order that the searches need.
fn check_sorted<'t>(table: &str, names: impl Iterator<Item = &'t str>, least: usize) {
    let names: Vec<&str> = names.collect();
    assert!(names.len() >= least, "{table}: {}", names.len());
    for pair in names.windows(2) {
        assert!(compare(pair[0], pair[1]).is_lt(), "{table}: {pair:?}");
    }
}

fn first(row: &str) -> &str {
    row.split('\t').next().unwrap_or_default()
}

#[test]
fn is_whole_small_and_sorted() {
    let bytes = include_bytes!("../../data/catalogue.bin");
    assert!(bytes.len() <= MOST, "{}", bytes.len());
    let catalogue = Catalogue::open(bytes.to_vec()).expect("whole");
    assert_eq!(catalogue.date().len(), 10);
    check_sorted("services", catalogue.services().map(|service| service.prefix()), 400);
    for service in catalogue.services() {
        assert!(!service.title().is_empty(), "{service:?}");
        let actions: Vec<_> = service.actions().map(|action| action.name()).collect();
        check_sorted(service.prefix(), actions.into_iter(), 0);
        check_sorted(service.prefix(), service.resource_types().map(|resource| resource.name()), 0);
        check_sorted(service.prefix(), service.keys().map(|key| key.name), 0);
    }
    let keys = &catalogue.keys().names;
    check_sorted("keys", (0..keys.len()).map(|index| keys.get(index)), 1500);
    let tables = catalogue.tables();
    for (name, rows, least) in [
        ("global keys", &tables.global_keys, 50),
        ("principals", &tables.principals, 300),
        ("retired", &tables.retired, 100),
        ("undocumented", &tables.undocumented, 1),
        ("regions", &tables.regions, 40),
        ("partitions", &tables.partitions, 8),
        ("providers", &tables.oidc, 10),
        ("operations", &tables.operations, 50),
    ] {
        check_sorted(name, (0..rows.len()).map(|index| first(rows.get(index))), least);
    }
}

#[test]
fn broken_files_are_refused() {
    let bytes = include_bytes!("../../data/catalogue.bin");
    assert!(Catalogue::open(Vec::new()).is_err());
    for cut in [4, 20, 40, bytes.len() / 2, bytes.len() - 1] {
        assert!(Catalogue::open(bytes[..cut].to_vec()).is_err(), "{cut}");
    }
    // A broken body is refused or read as something else, and never ends in a panic.
    for at in (30..bytes.len()).step_by(4001) {
        let mut broken = bytes.to_vec();
        broken[at] ^= 0x55;
        if let Ok(catalogue) = Catalogue::open(broken) {
            for action in catalogue.actions_matching("*") {
                let _ = (action.resources().count(), action.keys().count(), action.dependents().count());
            }
            let _ = (catalogue.key("s3:prefix"), catalogue.nearest_key("s3:prefx"), catalogue.retired("deeplens"));
        }
    }
}

#[test]
fn actions_are_as_documented() {
    use AccessLevel::*;
    let catalogue = Catalogue::get();
    // Service Authorization Reference: name, level, resource types (`!` where required).
    for (name, access, resources) in [
        ("s3:GetObject", Read, "object accesspointobject"),
        ("S3:getobject", Read, "object"),
        ("s3:ListAllMyBuckets", List, ""),
        ("s3:PutBucketPolicy", PermissionsManagement, "bucket!"),
        ("kms:Decrypt", Write, "key!"),
        ("kms:CreateKey", Write, ""),
        ("kms:TagResource", Tagging, "key!"),
        ("iam:PassRole", Write, "role!"),
        ("secretsmanager:GetSecretValue", Read, "Secret!"),
        ("dynamodb:GetItem", Read, "table!"),
        ("sts:AssumeRole", Write, "role!"),
    ] {
        let action = catalogue.action(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(action.access(), access, "{name}");
        let listed: Vec<String> = action
            .resources()
            .map(|used| format!("{}{}", used.resource.name(), if used.required { "!" } else { "" }))
            .collect();
        for wanted in resources.split_whitespace() {
            assert!(listed.iter().any(|name| name == wanted), "{name}: {listed:?}");
        }
        assert_eq!(resources.is_empty(), listed.is_empty(), "{name}: {listed:?}");
        assert!(action.to_string().eq_ignore_ascii_case(name));
    }
    for name in ["s3:GetObjects", "s3", "s3:", ":GetObject", "", "nope:GetObject", "s3:Get*"] {
        assert_eq!(catalogue.action(name), None, "{name}");
    }
    let key = |action: &str, key: &str| catalogue.action(action).is_some_and(|action| action.has_key(key));
    assert!(key("iam:PassRole", "iam:PassedToService") && key("iam:PassRole", "iam:AssociatedResourceArn"));
    assert!(key("kms:Decrypt", "kms:ViaService") && key("kms:Decrypt", "kms:EncryptionContext:app"));
    assert!(key("kms:Decrypt", "aws:ResourceTag/team") && !key("kms:Decrypt", "kms:PolicyName"));
    let create = catalogue.action("lambda:CreateFunction").expect("documented");
    assert!(create.dependents().any(|action| action.to_string() == "iam:PassRole"));
    let object = catalogue.service("s3").and_then(|service| service.resource_type("object")).expect("documented");
    assert_eq!(object.arn_format(), "arn:${Partition}:s3:::${BucketName}/${ObjectName}");
    assert_eq!(object.arn_pattern(), "arn:*:s3:::*/*");
    assert_eq!(object.service().docs_slug(), "list_amazons3");
    assert!(catalogue.is_rcp_service("kms") && catalogue.is_rcp_service("sts") && !catalogue.is_rcp_service("ec2"));
}

#[test]
fn keys_are_as_documented() {
    let catalogue = Catalogue::get();
    for (written, name, kind, many, global) in [
        ("aws:SourceIp", "aws:SourceIp", KeyKind::IpAddress, false, true),
        ("AWS:sourceip", "aws:SourceIp", KeyKind::IpAddress, false, true),
        ("aws:PrincipalArn", "aws:PrincipalArn", KeyKind::Arn, false, true),
        ("aws:TagKeys", "aws:TagKeys", KeyKind::String, true, true),
        ("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthPresent", KeyKind::Bool, false, true),
        ("aws:MultiFactorAuthAge", "aws:MultiFactorAuthAge", KeyKind::Numeric, false, true),
        ("aws:CurrentTime", "aws:CurrentTime", KeyKind::Date, false, true),
        ("aws:RequestTag/Team", "aws:RequestTag/${TagKey}", KeyKind::String, false, true),
        ("aws:PrincipalTag/${aws:username}", "aws:PrincipalTag/${TagKey}", KeyKind::String, false, true),
        ("aws:PrincipalOrgPaths", "aws:PrincipalOrgPaths", KeyKind::String, true, true),
        ("lambda:SourceFunctionArn", "lambda:SourceFunctionArn", KeyKind::Arn, false, true),
        ("s3:prefix", "s3:prefix", KeyKind::String, false, false),
        ("s3:ExistingObjectTag/a", "s3:ExistingObjectTag/${key}", KeyKind::String, false, false),
        ("kms:EncryptionContext:app", "kms:EncryptionContext:${EncryptionContextKey}", KeyKind::String, false, false),
        ("kms:GrantIsForAWSResource", "kms:GrantIsForAWSResource", KeyKind::Bool, false, false),
        ("kms:EncryptionContextKeys", "kms:EncryptionContextKeys", KeyKind::String, true, false),
        ("token.actions.githubusercontent.com:sub", "${OidcProvider}:sub", KeyKind::String, false, false),
        ("gitlab.com:sub", "${OidcProvider}:sub", KeyKind::String, false, false),
        ("ssm:resourceTag/team", "ssm:resourceTag/${TagKey}", KeyKind::String, false, false),
        (
            "elasticloadbalancing:ResourceTag/a",
            "elasticloadbalancing:ResourceTag/${TagKey}",
            KeyKind::String,
            false,
            false,
        ),
        ("saml:aud", "saml:aud", KeyKind::String, false, false),
    ] {
        let key = catalogue.key(written).unwrap_or_else(|| panic!("{written}"));
        assert_eq!((key.name, key.kind, key.multivalued, key.global), (name, kind, many, global), "{written}");
        assert!(key.admits(written), "{written}");
    }
    for written in [
        "aws:RequestTag",
        "aws:RequestTag/",
        "aws:PassedToService",
        "s3:prefixes",
        "SourceIp",
        "",
        ":",
        "aws:",
        "kms:sub",
        "gitlab.com:frobnicated",
    ] {
        assert_eq!(catalogue.key(written), None, "{written}");
    }
    assert_eq!(catalogue.key("aws:ARN").and_then(|key| key.replacement), Some("aws:PrincipalArn"));
    assert!(catalogue.key("kms:ViaService").is_some_and(|key| key.service == catalogue.service("kms")));
}

#[test]
fn offers_what_was_meant() {
    let catalogue = Catalogue::get();
    for (written, meant) in [
        ("s3:GetObjct", "s3:GetObject"),
        ("s3:ListObjects", "s3:ListBucket"),
        ("s3:HeadObject", "s3:GetObject"),
        ("iam:PassRoles", "iam:PassRole"),
        ("iam:AssumeRole", "sts:AssumeRole"),
        ("secretmanager:GetSecretValue", "secretsmanager:GetSecretValue"),
        ("secrets-manager:GetSecretsValue", "secretsmanager:GetSecretValue"),
        ("kms:Decypt", "kms:Decrypt"),
        ("lambda:Invoke", "lambda:InvokeFunction"),
        ("dynamodb:PutItems", "dynamodb:PutItem"),
        ("stepfunctions:StartExecution", "states:StartExecution"),
    ] {
        let found = catalogue.nearest_action(written).map(|action| action.to_string());
        assert_eq!(found.as_deref(), Some(meant), "{written}");
    }
    for written in ["s3:Frobnicate", "nope:Frobnicate", "s3", ""] {
        assert_eq!(catalogue.nearest_action(written), None, "{written}");
    }
    let service = |prefix: &str| catalogue.nearest_service(prefix).map(|service| service.prefix());
    assert_eq!(service("dynmodb"), Some("dynamodb"));
    assert_eq!(service("elb"), Some("elasticloadbalancing"));
    assert_eq!(service("frobnicator"), None);
    for (written, meant) in [
        ("aws:SourcIp", Some("aws:SourceIp")),
        ("aws:PrincipleOrgID", Some("aws:PrincipalOrgID")),
        ("aws:RequstTag/team", Some("aws:RequestTag/team")),
        ("aws:PassedToService", Some("iam:PassedToService")),
        ("kms:SourceIp", Some("aws:SourceIp")),
        ("s3:prefx", Some("s3:prefix")),
        ("aws:Frobnicated", None),
    ] {
        assert_eq!(catalogue.nearest_key(written).as_deref(), meant, "{written}");
    }
    assert_eq!(catalogue.nearest_service_principal("lamda.amazonaws.com"), Some("lambda.amazonaws.com"));
}

#[test]
fn small_tables_answer() {
    let catalogue = Catalogue::get();
    for name in
        ["lambda.amazonaws.com", "logs.eu-west-1.amazonaws.com", "ec2.amazonaws.com.cn", "alexa-appkit.amazon.com"]
    {
        assert!(catalogue.is_service_principal(name), "{name}");
    }
    for name in ["lambda", "lambda.example.com", "lambda.nowhere-1.amazonaws.com", "amazonaws.com", ""] {
        assert!(!catalogue.is_service_principal(name), "{name}");
    }
    let region = |name: &str| catalogue.region(name).map(|region| region.partition);
    assert_eq!((region("eu-west-1"), region("cn-north-1"), region("eu-west-9")), (Some("aws"), Some("aws-cn"), None));
    for partition in catalogue.partitions() {
        assert!(catalogue.regions().any(|region| region.partition == partition.name), "{partition:?}");
    }
    for region in catalogue.regions() {
        assert!(catalogue.partitions().any(|partition| partition.name == region.partition), "{region:?}");
    }
    for name in ["deepracer", "deepracer:ListModels", "DeepLens:*", "zocalo", "sso:DescribePermissionsPolicies"] {
        assert!(catalogue.retired(name).is_some_and(|retired| retired.date.len() == 10), "{name}");
    }
    assert_eq!(catalogue.retired("s3:GetObject"), None);
    assert_eq!(catalogue.undocumented("securityagent:ListTasks"), Some("2026-03-07"));
    let claim = |host: &str| catalogue.oidc_provider(host).map(|provider| provider.claim);
    assert_eq!(claim("token.actions.githubusercontent.com"), Some("sub"));
    assert_eq!(claim("oidc.eks.eu-west-1.amazonaws.com/id/ABC"), Some("sub"));
    assert_eq!(claim("login.example.com"), None);
}

#[test]
fn tables_name_what_exists() {
    let catalogue = Catalogue::get();
    let tables = catalogue.tables();
    for index in 0..tables.operations.len() {
        let (from, to) = tables.operations.get(index).split_once('\t').expect("two columns");
        let (known, unknown) = match to.contains(':') {
            true => (catalogue.action(to).is_some(), catalogue.action(from).is_none()),
            false => (catalogue.service(to).is_some(), catalogue.service(from).is_none()),
        };
        assert!(known && unknown, "{from} {to}");
    }
    for rows in [&tables.retired, &tables.undocumented] {
        for index in 0..rows.len() {
            let name = first(rows.get(index));
            assert!(catalogue.action(name).is_none(), "`{name}` is documented");
        }
    }
}

/// Patterns made from names by turning parts of them into wildcards, and some that no name gave.
#[test]
fn patterns_expand_as_a_naive_search_does() {
    let catalogue = Catalogue::get();
    let all: Vec<_> = catalogue.actions_matching("*").collect();
    let names: Vec<String> = all.iter().map(|action| action.to_string().to_ascii_lowercase()).collect();
    assert!(all.is_sorted() && all.len() > 20_000);
    let mut patterns: Vec<String> =
        ["*:*", "*:Get*", "s3:*", "S3:GET*", "s?:*", "*s*:*tag*", "ec2:*Vpc?*", "s3:", "", "s3", "nope:*", "*:nope"]
            .map(String::from)
            .into();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..150 {
        let name = all[random(all.len())].to_string();
        let mut pattern: Vec<u8> = name.into_bytes();
        for _ in 0..=random(3) {
            let at = random(pattern.len());
            match random(3) {
                0 => pattern.truncate(at + 1),
                1 => pattern.truncate(pattern.len() - random(4).min(pattern.len() - 1)),
                _ => {}
            }
            let at = random(pattern.len());
            match random(4) {
                0 if pattern[at] != b':' => pattern[at] = b'?',
                1 => pattern.push(b'*'),
                2 => pattern.insert(at, b'*'),
                _ => pattern[at] = pattern[at].to_ascii_uppercase(),
            }
        }
        patterns.push(String::from_utf8(pattern).expect("ASCII"));
    }
    let mut found = 0;
    for pattern in &patterns {
        let wanted: Vec<_> = match pattern.split_once(':') {
            None if pattern != "*" => Vec::new(),
            None => all.clone(),
            // A `*` of one side does not reach over the colon.
            Some((prefix, name)) => {
                let (prefix, name) = (prefix.to_ascii_lowercase(), name.to_ascii_lowercase());
                let admitted = |full: &str| {
                    full.split_once(':')
                        .is_some_and(|(p, n)| wildcard::admits(&prefix, p) && wildcard::admits(&name, n))
                };
                all.iter().zip(&names).filter(|(_, full)| admitted(full)).map(|(&action, _)| action).collect()
            }
        };
        let expanded: Vec<_> = catalogue.actions_matching(pattern).collect();
        assert_eq!(expanded, wanted, "{pattern}");
        assert_eq!(catalogue.admits_action(pattern), !wanted.is_empty(), "{pattern}");
        found += usize::from(!wanted.is_empty());
    }
    assert!(found * 3 > patterns.len(), "{found}");
}
