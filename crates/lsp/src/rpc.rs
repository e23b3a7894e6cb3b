//! JSON-RPC as the protocol uses it: what a message is, and the answers to what is none.
//! Not here: what methods do (`server.rs`), or the frames around messages, which are the host's.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A message from the client.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// Wants an answer.
    Request { id: Value, method: String, params: Value },
    /// Wants none.
    Notification { method: String, params: Value },
    /// Answers a request of ours.
    Response { id: Value, result: Result<Value, Value> },
    /// Cannot be understood; the answer says why.
    Refused { id: Value, fault: Fault },
}

/// Why a request has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) code: i32,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) const PARSE: i32 = -32700;
    pub(crate) const INVALID_REQUEST: i32 = -32600;
    pub(crate) const UNKNOWN_METHOD: i32 = -32601;
    pub(crate) const INVALID_PARAMS: i32 = -32602;
    pub(crate) const INTERNAL: i32 = -32603;
    pub(crate) const NOT_INITIALIZED: i32 = -32002;
    pub(crate) const CANCELLED: i32 = -32800;
    pub(crate) const CONTENT_MODIFIED: i32 = -32801;
    pub(crate) const FAILED: i32 = -32803;

    pub(crate) fn new(code: i32, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into() }
    }
}

impl Message {
    /// Reads a message. The text is never repeated in what is answered: it may hold anything.
    pub(crate) fn parse(text: &str) -> Message {
        let refuse = |id, code, why: &str| Message::Refused { id, fault: Fault::new(code, why) };
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            return refuse(Value::Null, Fault::PARSE, "the message is not JSON");
        };
        let Value::Object(mut object) = value else {
            return refuse(Value::Null, Fault::INVALID_REQUEST, "a message is an object");
        };
        let id = object.remove("id");
        let valid = id.as_ref().is_none_or(|id| id.is_string() || id.is_i64() || id.is_u64() || id.is_null());
        let params = object.remove("params").unwrap_or(Value::Null);
        match (id, object.remove("method")) {
            _ if !valid => refuse(Value::Null, Fault::INVALID_REQUEST, "an id is a number or a string"),
            (Some(id), Some(Value::String(method))) if !id.is_null() => Message::Request { id, method, params },
            (None | Some(Value::Null), Some(Value::String(method))) => Message::Notification { method, params },
            (Some(id), None) if object.contains_key("result") || object.contains_key("error") => {
                let result = match object.remove("error") {
                    Some(error) if !error.is_null() => Err(error),
                    _ => Ok(object.remove("result").unwrap_or(Value::Null)),
                };
                Message::Response { id, result }
            }
            (id, _) => refuse(id.unwrap_or(Value::Null), Fault::INVALID_REQUEST, "the message has no method"),
        }
    }
}

/// Reads the parameters of `method`.
pub(crate) fn read<T: DeserializeOwned>(params: Value) -> Result<T, Fault> {
    // What serde says would quote the value.
    serde_json::from_value(params).map_err(|_| Fault::new(Fault::INVALID_PARAMS, "the parameters are not as specified"))
}

pub(crate) fn answer(id: &Value, result: Result<Value, Fault>) -> String {
    let message = match result {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(fault) => {
            json!({ "jsonrpc": "2.0", "id": id, "error": { "code": fault.code, "message": fault.message } })
        }
    };
    message.to_string()
}

pub(crate) fn notification(method: &str, params: Value) -> String {
    json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string()
}

pub(crate) fn request(id: i64, method: &str, params: Value) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()
}

/// A structure as JSON. Ours have string keys only and cannot fail.
pub(crate) fn value(of: impl serde::Serialize) -> Value {
    serde_json::to_value(of).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let check = |text: &str, want: &str| {
            let message = format!("{:?}", Message::parse(text));
            assert!(message.starts_with(want), "{text}: {message}");
        };
        check(r#"{"id":1,"method":"a"}"#, "Request");
        check(r#"{"method":"a"}"#, "Notification");
        check(r#"{"id":1,"result":null}"#, "Response { id: Number(1), result: Ok");
        check(r#"{"id":1,"error":{}}"#, "Response { id: Number(1), result: Err");
        for refused in ["", "[]", "1", "{}", r#"{"id":1}"#, r#"{"id":[],"method":"a"}"#, r#"{"id":1,"method":2}"#] {
            check(refused, "Refused");
        }
    }
}
