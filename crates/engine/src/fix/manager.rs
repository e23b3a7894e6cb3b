//! AWS Secrets Manager in place of a literal. The secret must be created there first, so this is mostly shown.
//! Shapes: AWS SDK guides for boto3, JavaScript v3, Go v2, Java v2; Terraform's `aws_secretsmanager_secret_version`;
//! CloudFormation's dynamic references. Not here: environment variables.

use keylint_diagnostics::{Applicability, Edit, Fix, Span};
use keylint_syntax::{FileKind, Language};

use super::{Site, declarative::Dialect, each_once, import, spot::Spot};

/// What one secret becomes.
struct Managed {
    edits: Vec<Edit>,
    certain: bool,
}

/// Reads the secrets from AWS Secrets Manager, where a way is known for this document.
pub(super) fn rewrite(site: &Site<'_>, spots: &[(Spot<'_>, String)]) -> Option<Fix> {
    let ids: Vec<String> = spots.iter().map(|(_, name)| name.to_ascii_lowercase().replace('_', "-")).collect();
    let managed: Option<Vec<Managed>> = spots
        .iter()
        .zip(&ids)
        .map(|((spot, name), id)| if spot.comment { None } else { one(site, spot, name, id) })
        .collect();
    let managed = managed?;
    let certain = managed.iter().all(|one| one.certain);
    let applicability = if certain { Applicability::Unsafe } else { Applicability::DisplayOnly };
    let edits = each_once(managed.into_iter().flat_map(|one| one.edits).collect());
    let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    let it = if ids.len() > 1 { "them" } else { "it" };
    Some(Fix {
        title: format!("keep {it} in AWS Secrets Manager as {} and read {it} from there", ids.join(" and ")),
        applicability,
        edits,
    })
}

fn one(site: &Site<'_>, spot: &Spot<'_>, name: &str, id: &str) -> Option<Managed> {
    match site.kind {
        FileKind::Code(language) => code(site, spot, language, id),
        _ if site.dialect == Dialect::CloudFormation => Some(cloud_formation(site, spot, id)),
        _ if site.dialect == Dialect::Terraform => terraform(site, spot, &name.to_ascii_lowercase(), id),
        _ => None,
    }
}

fn code(site: &Site<'_>, spot: &Spot<'_>, language: Language, id: &str) -> Option<Managed> {
    let literal = spot.literal?;
    let end = site.line_end();
    let (read, mut edits) = match language {
        Language::Python => (
            format!("boto3.client(\"secretsmanager\").get_secret_value(SecretId=\"{id}\")[\"SecretString\"]"),
            import::edits(site, language, "boto3")?,
        ),
        Language::JavaScript | Language::TypeScript => (
            format!("(await new SecretsManagerClient({{}}).send(new GetSecretValueCommand({{ SecretId: \"{id}\" }}))).SecretString"),
            vec![site.edit(
                head(site),
                format!("import {{ GetSecretValueCommand, SecretsManagerClient }} from \"@aws-sdk/client-secrets-manager\";{end}"),
            )],
        ),
        Language::Java => (
            format!("software.amazon.awssdk.services.secretsmanager.SecretsManagerClient.create().getSecretValue(request -> request.secretId(\"{id}\")).secretString()"),
            Vec::new(),
        ),
        Language::Go => (format!("secret(\"{id}\")"), go(site)),
        _ => return None,
    };
    edits.push(site.edit(literal.span, read));
    Some(Managed { edits, certain: false })
}

/// Where an import may stand: at the start, behind a `#!` line.
fn head(site: &Site<'_>) -> Span {
    let text = site.document.text;
    let line = memchr::memchr(b'\n', text).map_or(text.len(), |at| at + 1);
    let at = if text.starts_with(b"#!") || text.starts_with(b"'use strict'") || text.starts_with(b"\"use ") {
        line
    } else {
        0
    };
    Span::new(at..at)
}

/// The function that a Go file needs, and what it imports.
fn go(site: &Site<'_>) -> Vec<Edit> {
    const FUNCTION: &str = r#"
// secret reads a value from AWS Secrets Manager.
func secret(id string) string {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	out, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &id})
	if err != nil {
		log.Fatal(err)
	}
	return *out.SecretString
}
"#;
    let modules = [
        "context",
        "log",
        "github.com/aws/aws-sdk-go-v2/config",
        "github.com/aws/aws-sdk-go-v2/service/secretsmanager",
    ];
    let mut edits: Vec<Edit> =
        modules.iter().filter_map(|module| import::edits(site, Language::Go, module)).flatten().collect();
    let length = site.document.text.len();
    edits.push(site.edit(Span::new(length..length), FUNCTION));
    edits
}

/// A dynamic reference, which CloudFormation fills in anywhere in a property:
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html>
fn cloud_formation(site: &Site<'_>, spot: &Spot<'_>, id: &str) -> Managed {
    let reference = format!("{{{{resolve:secretsmanager:{id}:SecretString}}}}");
    let plain = spot.is_plain_scalar(&[b": ", b"- "]);
    // A plain value of YAML may not begin with a brace.
    let text = if plain { format!("'{reference}'") } else { reference };
    let quoted = spot.quote != 0;
    Managed { edits: vec![site.edit(spot.secret, text)], certain: (quoted || plain) && spot.is_plain() }
}

fn terraform(site: &Site<'_>, spot: &Spot<'_>, name: &str, id: &str) -> Option<Managed> {
    let literal = spot.literal.filter(|literal| literal.quote == b'"')?;
    let end = site.line_end();
    let lead = if spot.text.ends_with(b"\n") { "" } else { end };
    let block = [
        &*format!("{lead}{end}data \"aws_secretsmanager_secret\" \"{name}\" {{{end}  name = \"{id}\"{end}}}{end}"),
        &*format!("{end}data \"aws_secretsmanager_secret_version\" \"{name}\" {{{end}"),
        &*format!("  secret_id = data.aws_secretsmanager_secret.{name}.id{end}}}{end}"),
    ]
    .concat();
    let length = spot.text.len();
    let read = format!("data.aws_secretsmanager_secret_version.{name}.secret_string");
    Some(Managed {
        edits: vec![site.edit(literal.span, read), site.edit(Span::new(length..length), block)],
        certain: false,
    })
}
