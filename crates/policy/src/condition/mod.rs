//! What condition operators do and what their values look like: the table of operators, addresses, dates, numbers.
//! Not here: what is wrong with a condition (`checks`), or which keys there are (`catalogue`).

pub mod address;
pub mod date;
pub mod number;
pub mod operator;

pub use operator::{Compared, Family, OperatorInfo};

use crate::model::{ConditionKey, Operator, Statement};

/// One key of a condition whose operator is known.
#[derive(Clone, Copy, Debug)]
pub struct Test<'a> {
    /// The statement it stands in.
    pub statement: &'a Statement,
    /// Its operator as written.
    pub operator: &'a Operator,
    /// The key and its values.
    pub key: &'a ConditionKey,
    /// What the operator does.
    pub info: &'static OperatorInfo,
}

/// The conditions of the statements, key by key, as far as their operators are known.
pub fn tests(statements: &[Statement]) -> impl Iterator<Item = Test<'_>> {
    statements.iter().flat_map(of)
}

/// The conditions of one statement, as [`tests`].
pub fn of(statement: &Statement) -> impl Iterator<Item = Test<'_>> {
    statement.condition.iter().flat_map(move |operator| {
        let info = operator::find(&operator.parts.base);
        let keys = operator.keys.iter();
        keys.filter_map(move |key| Some(Test { statement, operator, key, info: info? }))
    })
}

impl<'a> Test<'a> {
    /// The key's name, where it is known.
    pub fn name(&self) -> Option<&'a str> {
        self.key.name.known()
    }

    /// Whether the key is `name`, in any capitals.
    pub fn is(&self, name: &str) -> bool {
        self.name().is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    /// Whether the key is one of `names`, in any capitals.
    pub fn is_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is(name))
    }

    /// Whether the key begins with `start`, in any capitals.
    pub fn starts_with(&self, start: &str) -> bool {
        let own = self.name().and_then(|own| own.get(..start.len()));
        own.is_some_and(|own| own.eq_ignore_ascii_case(start))
    }

    /// Whether the operator has this qualifier, `ForAllValues` or `ForAnyValue`.
    pub fn qualified(&self, qualifier: &str) -> bool {
        self.operator.parts.qualifier.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(qualifier))
    }

    /// Whether the operator has no qualifier.
    pub fn is_bare(&self) -> bool {
        self.operator.parts.qualifier.is_none()
    }

    /// Whether the condition can only hold where the request has the key: an operator that is neither negated nor
    /// `IfExists`, `ForAllValues` or `Null`.
    pub fn needs_key(&self) -> bool {
        let parts = &self.operator.parts;
        let absent_is_fine = self.info.negated || parts.if_exists || self.qualified("ForAllValues");
        !absent_is_fine && self.info.family != Family::Null
    }
}

/// Whether some key of the statement is only known to a run, so that nobody can say which keys it lacks.
pub fn has_unknown_keys(statement: &Statement) -> bool {
    statement.condition.iter().any(|o| !o.name.known || o.keys.iter().any(|key| !key.name.known))
}
