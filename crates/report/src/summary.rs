//! What is said of a whole run, and the one place where findings are counted.
//! Not here: how it is printed.

use std::{ops::AddAssign, time::Duration};

use keylint_diagnostics::{Diagnostic, Severity, Skip, SkipKind, SuppressionKind};

use crate::Gate;

/// What the host says of a run at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The program.
    pub tool: Tool,
    /// What was asked for.
    pub scope: Scope,
    /// Documents scanned.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Documents left out on purpose: ignored, binary, a pointer file.
    pub excluded: u64,
    /// Documents that should have been scanned and were not, and as many of the excluded ones as the host keeps.
    pub skipped: Vec<Skip>,
    /// How long it took, if the host has a clock.
    pub elapsed: Option<Duration>,
    /// Which findings fail the run; where the configurations of folders differ, what the first one says.
    pub gate: Gate,
    /// The findings, counted.
    pub counts: Tally,
    /// Whether everything that should have been scanned was.
    pub complete: bool,
}

impl Summary {
    /// The documents that leave a hole in the scan.
    pub fn incomplete(&self) -> impl Iterator<Item = &Skip> {
        self.skipped.iter().filter(|skip| skip.kind == SkipKind::Incomplete)
    }
}

/// The program and its rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tool {
    /// `major.minor.patch`.
    pub version: String,
    /// How many rules ran.
    pub rules: usize,
    /// Date of the service catalogue, where one was used.
    pub catalogue: Option<String>,
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// `paths`, `stdin`, `message`, `index`, `range`, `history` or `image`.
    pub kind: String,
    /// The repository's address, if known.
    pub repository: Option<String>,
    /// The commit that is checked out or was asked for, if known.
    pub commit: Option<String>,
    /// Hash of the configuration in force, to tell two runs apart.
    pub config_hash: Option<String>,
}

/// Findings, counted. Hosts and sinks count here and nowhere else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Findings that are not suppressed, by severity, lowest first.
    pub severities: [u64; Severity::ALL.len()],
    /// Findings that fail the run.
    pub at_gate: u64,
    /// Suppressed findings, by kind.
    pub suppressed: [u64; SuppressionKind::ALL.len()],
}

impl Tally {
    /// Counts one finding.
    pub fn add(&mut self, diagnostic: &Diagnostic, gate: &Gate) {
        match &diagnostic.suppressed {
            Some(suppression) => self.suppressed[suppression.kind as usize] += 1,
            None => self.severities[diagnostic.severity as usize] += 1,
        }
        self.at_gate += u64::from(gate.fails(diagnostic));
    }

    /// Findings that are not suppressed.
    pub fn findings(&self) -> u64 {
        self.severities.iter().sum()
    }

    /// Findings of this severity that are not suppressed.
    pub fn severity(&self, severity: Severity) -> u64 {
        self.severities[severity as usize]
    }

    /// Findings suppressed in this way.
    pub fn suppressed(&self, kind: SuppressionKind) -> u64 {
        self.suppressed[kind as usize]
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        for (sum, more) in self.severities.iter_mut().zip(other.severities) {
            *sum += more;
        }
        for (sum, more) in self.suppressed.iter_mut().zip(other.suppressed) {
            *sum += more;
        }
        self.at_gate += other.at_gate;
    }
}
