//! Providers that answer without end, or with somewhere else to go.

use stand_ins::{Behaviour, Script};

use crate::pictures;
use crate::world::{MINUTE, World};

/// PD-13
#[test]
fn an_answer_of_fifty_megabytes_is_not_taken_whatever_was_asked() {
    let huge = Behaviour::Huge {
        bytes: 50 * 1024 * 1024,
    };
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    let photo = pictures::photo(1000);
    world.script(Script::new("bytescale", huge.clone()).times(1));
    ana.uploads(&model, &photo)
        .refused(503, "provider-unavailable");
    ana.uploads(&model, &photo).expect(201);
    world.script(Script::new("replicate", huge.clone()).times(8));
    ana.asks_to_train(&model).expect(202);
    world.script(Script::new("replicate-delivery", huge).times(1));
    world.advance(10 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "ready");
    assert_eq!(world.jobs_of("training").len(), 1);
    let failed = ana.creates(&model, "by the sea");
    assert_eq!(
        failed["failure"]["reason"], "provider-error",
        "an image over the cap is none"
    );
    assert_eq!(ana.creates(&model, "by the lake")["state"], "succeeded");
}

/// PD-14
#[test]
fn no_redirect_of_a_provider_is_followed() {
    for provider in [
        "replicate",
        "bytescale",
        "bytescale-cdn",
        "replicate-delivery",
        "resend",
    ] {
        let world = World::new();
        let ana = world.ana();
        let model = ana.has_a_model_with_photos(4);
        let to = "http://169.254.169.254/latest/meta-data".to_owned();
        world.script(Script::new(provider, Behaviour::Redirect { to }).times(6));
        ana.uploads(&model, &pictures::photo(1000));
        ana.asks_to_train(&model);
        world
            .browser("new@example.com")
            .asks_for_a_link()
            .expect(202);
        world.advance(20 * MINUTE);
        world.outside.world().clear_scripts();
        if ana.sees_model(&model)["state"] != "ready" {
            ana.trains(&model);
        }
        ana.creates(&model, "by the sea");
        assert_eq!(
            *world.outside.strays.borrow(),
            [] as [String; 0],
            "{provider}"
        );
    }
}
