//! A browser: its cookies, kept as browsers keep them, and the requests that it makes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::answer::Answer;
use crate::request::Request;
use crate::world::World;

pub struct Browser<'w> {
    pub world: &'w World,
    /// The address of whoever sits before it.
    pub email: &'static str,
    /// The address of the machine; limits are counted by it.
    pub address: String,
    jar: RefCell<BTreeMap<String, String>>,
}

impl<'w> Browser<'w> {
    pub fn new(world: &'w World, email: &'static str) -> Self {
        Self {
            world,
            email,
            address: format!("10.7.{}.1", world.number()),
            jar: RefCell::default(),
        }
    }

    pub fn cookies(&self) -> String {
        let jar = self.jar.borrow();
        jar.iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.borrow().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar
            .borrow_mut()
            .insert(name.to_owned(), value.to_owned());
    }

    /// The token of the session.
    pub fn token(&self) -> String {
        self.cookie("__Host-session").unwrap()
    }

    /// Follows `Set-Cookie`.
    pub fn keep_cookies(&self, answer: &Answer) {
        for header in answer.all("set-cookie") {
            let (pair, attributes) = header.split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.jar.borrow_mut().remove(name);
            } else {
                self.set_cookie(name, value);
            }
        }
    }

    pub fn request(&self, method: &str, path: &str) -> Request<'_, 'w> {
        Request::new(self, method, path)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path).json(body).send()
    }

    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.request("PATCH", path).json(body).send()
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path).send()
    }
}
