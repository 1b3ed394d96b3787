//! Clients that begin to send something and then say nothing more.

use std::future::pending;

use http::Request;
use selfie::api;
use selfie::fake;
use selfie::ports::{Body, Fault};

use crate::answer::Answer;
use crate::world::{SECOND, World};

/// A body of which nothing more comes.
struct Stalled;

impl Body for Stalled {
    async fn read(self, _: usize) -> Result<Vec<u8>, Fault> {
        pending().await
    }
}

#[test]
fn a_body_that_stalls_is_given_up_in_time() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(0);
    let photos = format!("/api/bytescale?model={model}");
    for (path, content_type, most_s) in [
        ("/api/magic-link", "application/json", 20),
        ("/api/model", "application/json", 20),
        ("/api/sign-out", "application/json", 20),
        ("/api/facebook/deletion", "text/plain", 20),
        (&photos, "image/jpeg", 100),
    ] {
        let request = Request::post(path)
            .header("cookie", ana.cookies())
            .header("origin", &world.config.app_origin)
            .header("content-type", content_type)
            .body(Stalled)
            .unwrap();
        let before = world.now_ms();
        world.without_traces(|| {
            let reply = fake::run(api::handle(&*world.fake, Ok(&world.config), request));
            Answer::of(reply).refused(400, "malformed-request");
        });
        assert_eq!(world.now_ms() - before, most_s * SECOND, "{path}");
    }
}
