//! Copies that a network keeps of files: they go with the file, however it went.

use selfie::domain::timestamp::Timestamp;
use selfie::providers::bytescale::signed_url;
use stand_ins::{Behaviour, Script};

use crate::receipts::{id_of, is_done, settled};
use crate::world::{HOUR, MINUTE, World};

/// From now on a deleted file is served from copies until these are forgotten.
fn copies_stay(world: &World) {
    let mut outside = world.outside.world();
    outside.set_switch("delete_consistency", "cached").unwrap();
}

/// An address of that path that works for a day.
fn address(world: &World, path: &str) -> String {
    let expires = Timestamp::from_ms(world.now_ms() + 24 * HOUR);
    signed_url(&world.config.bytescale, path, expires, None)
}

/// Stores a file behind the product's back, as an upload that was cut off long ago might.
fn plant(world: &World, path: &str) {
    let config = &world.config.bytescale;
    let url = format!(
        "{}/v2/accounts/{}/uploads/binary?filePath={path}",
        config.api_url, config.account
    );
    let request = http::Request::post(url)
        .header("authorization", format!("Bearer {}", config.secret_key))
        .header("content-type", "image/jpeg")
        .body(crate::pictures::photo(99).clone())
        .unwrap();
    match stand_ins::handle(&mut world.outside.world(), request) {
        stand_ins::Reaction::Answer(answer) => assert_eq!(answer.status(), 200),
        other => panic!("{other:?}"),
    }
}

#[test]
fn copies_of_a_deleted_photo_are_forgotten() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(2);
    let list = format!("/api/bytescale?model={model}");
    let photos = ana.get(&list).expect(200)["photos"].clone();
    copies_stay(&world);
    let path = format!(
        "/api/bytescale/{}?model={model}",
        photos[0]["id"].as_str().unwrap()
    );
    assert_eq!(ana.delete(&path).status, 204);
    world.advance(5 * MINUTE);
    let seen = [0, 1].map(|place| world.fetches(photos[place]["url"].as_str().unwrap()));
    assert_eq!(seen, [404, 200]);
}

#[test]
fn copies_of_a_bundle_are_forgotten_when_its_training_has_ended() {
    let world = World::new();
    let ana = world.ana();
    let model = ana.has_a_model_with_photos(4);
    ana.asks_to_train(&model).expect(202);
    let url = address(&world, &world.stored("/zips/")[0].path);
    copies_stay(&world);
    assert_eq!(world.fetches(&url), 200);
    world.advance(10 * MINUTE);
    assert_eq!(ana.sees_model(&model)["state"], "ready");
    assert_eq!(world.fetches(&url), 404);
}

#[test]
fn what_a_deletion_finds_at_its_end_leaves_no_copy_either() {
    let world = World::new();
    let (ana, model) = settled(&world, "ana@example.com");
    let id = id_of(&ana);
    copies_stay(&world);
    world.script(Script::new("replicate", Behaviour::DropBefore).method("DELETE"));
    let code = ana.deletes_the_account();
    world.advance(15 * MINUTE);
    assert_eq!(world.stored(&id).len(), 0);
    let strays = [
        format!("/u/{id}/{model}/photos/late.jpg"),
        format!("/u/{id}/late.jpg"),
    ];
    for path in &strays {
        plant(&world, path);
    }
    world.outside.world().clear_scripts();
    world.advance(3 * HOUR);
    assert!(is_done(&world.receipt(&code)));
    let seen = strays.map(|path| world.fetches(&address(&world, &path)));
    assert_eq!(seen, [404, 404]);
}
