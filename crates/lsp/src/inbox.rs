//! The messages that came and were not handled yet, so that one can be cancelled, and only the last of many changes of
//! a document is scanned. Not here: work that has begun (`workspace.rs`).

use std::collections::VecDeque;

use serde_json::Value;

use crate::{
    rpc::{Fault, Message},
    types::Cancelled,
};

/// Messages in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    queue: VecDeque<Message>,
}

impl Inbox {
    /// Adds a message. A cancellation takes effect at once; gives the id where nothing that waits has it.
    pub(crate) fn push(&mut self, message: Message) -> Option<Value> {
        let Message::Notification { method, params } = &message else {
            self.queue.push_back(message);
            return None;
        };
        if method != "$/cancelRequest" {
            self.queue.push_back(message);
            return None;
        }
        let Ok(Cancelled { id: wanted }) = serde_json::from_value(params.clone()) else { return None };
        for waiting in &mut self.queue {
            if let Message::Request { id, .. } = waiting
                && *id == wanted
            {
                *waiting = Message::Refused { id: wanted, fault: Fault::new(Fault::CANCELLED, "cancelled") };
                return None;
            }
        }
        Some(wanted)
    }

    /// Puts requests back that came before everything that waits, in their order.
    pub(crate) fn put_back(&mut self, requests: Vec<Message>) {
        for request in requests.into_iter().rev() {
            self.queue.push_front(request);
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Message> {
        self.queue.pop_front()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether a change of the document `uri`, as the client spells it, waits.
    pub(crate) fn changes(&self, uri: &str) -> bool {
        self.queue.iter().any(|message| match message {
            Message::Notification { method, params } => {
                method == "textDocument/didChange" && params["textDocument"]["uri"] == uri
            }
            _ => false,
        })
    }
}
