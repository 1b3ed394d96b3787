//! Everything of a person as one ZIP archive, written while it is sent.
//!
//! ```text
//! {model}/photos/{photo}.jpg    {model}/photos/{photo}.txt
//! {model}/images/{serial}/{index}.webp    {model}/images/{serial}/recipe.json
//! journal.json    index.html
//! ```
//!
//! The lists are gone over three times, page by page, and files come piece by piece, so that what is
//! held does not grow with what there is. No secret, no code and no provider's id goes in.

mod pages;

use super::{App, Error, Provider};
use crate::domain::caption;
use crate::domain::ownership::SignedIn;
use crate::ledger::commands::account::{ShowAccount, Shown};
use crate::ledger::commands::model::ListModels;
use crate::ledger::commands::photo::{ListPhotos, caption_path};
use crate::ledger::commands::prediction::ListPredictions;
use crate::media::Zip;
use crate::ports::{Fault, Platform, Sink, Text, json};
use crate::providers::bytescale;
use crate::records::{Model, Photo, Prediction};

/// How many records are held at a time.
const PAGE: usize = 50;
/// A file that breaks off is gone on with, so often.
const TRIES: u32 = 3;
/// So many of the files that could not be found are named.
const MOST_MISSING: usize = 1000;

/// The account of whoever asks; the ledger is asked before anything is sent.
pub async fn require_account<P: Platform>(app: App<'_, P>, who: &SignedIn) -> Result<Shown, Error> {
    app.ask_as(who, ShowAccount {}).await
}

/// Writes the archive. An error leaves it without an end, which no program takes for a whole one.
pub async fn write<P: Platform, S: Sink>(
    app: App<'_, P>,
    who: &SignedIn,
    sink: &mut S,
) -> Result<(), Error> {
    let account = require_account(app, who).await?;
    let today = app.platform.now().to_rfc3339();
    let mut export = Export {
        app,
        who,
        sink,
        zip: begin(&today),
        missing: Vec::new(),
    };
    export.walk(Part::Files).await?;
    export
        .entry("journal.json", &pages::journal_begin(&account, &today))
        .await?;
    export.walk(Part::Journal).await?;
    let end = pages::journal_end(&export.missing);
    export.close(&end).await?;
    export
        .entry("index.html", &pages::index_begin(&account, &today))
        .await?;
    export.walk(Part::Index).await?;
    export.close(pages::INDEX_END).await?;
    let end = export.zip.finish();
    export.sink.write(end).await.map_err(broken)
}

/// An archive of that day, which is the beginning of RFC 3339.
fn begin(today: &str) -> Zip {
    let part = |from, to| today.get(from..to).and_then(|text| text.parse().ok());
    Zip::new(
        part(0, 4).unwrap_or(1980),
        part(5, 7).unwrap_or(1),
        part(8, 10).unwrap_or(1),
    )
}

/// Whoever reads has gone, or cannot be reached.
fn broken(_: Fault) -> Error {
    Error::Internal {
        cause: "export broken off",
    }
}

/// What is written of everything that is gone over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Files,
    Journal,
    Index,
}

struct Export<'a, P, S> {
    app: App<'a, P>,
    who: &'a SignedIn,
    sink: &'a mut S,
    zip: Zip,
    missing: Vec<String>,
}

impl<P: Platform, S: Sink> Export<'_, P, S> {
    /// Goes over all models with their photos and predictions, the newest first.
    async fn walk(&mut self, part: Part) -> Result<(), Error> {
        let mut before = None;
        let mut is_first = true;
        loop {
            let list = ListModels {
                before,
                limit: PAGE,
            };
            let models = self.app.ask_as(self.who, list).await?;
            let Some(last) = models.last() else {
                return Ok(());
            };
            before = Some(last.id);
            for model in &models {
                self.model(part, model, is_first).await?;
                is_first = false;
            }
        }
    }

    async fn model(&mut self, part: Part, model: &Model, is_first: bool) -> Result<(), Error> {
        let list = ListPhotos { model: model.id };
        let photos = match self.app.ask_as(self.who, list).await {
            Ok(set) => set.photos,
            // Deleted meanwhile.
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        match part {
            Part::Files => self.photos(model, &photos).await?,
            Part::Journal => {
                let text = pages::journal_model(model, &photos, is_first);
                self.text(&text).await?;
            }
            Part::Index => self.text(&pages::index_model(model, &photos)).await?,
        }
        let (mut after, mut is_first) = (None, true);
        loop {
            let list = ListPredictions {
                model: Some(model.id),
                favorite: None,
                containing: None,
                after,
                limit: PAGE,
            };
            let predictions = self.app.ask_as(self.who, list).await?;
            let Some(last) = predictions.last() else {
                break;
            };
            after = Some(Text(last.id.serial));
            for prediction in &predictions {
                match part {
                    Part::Files => self.images(prediction).await?,
                    Part::Journal => {
                        let text = pages::journal_prediction(prediction, is_first);
                        self.text(&text).await?;
                    }
                    Part::Index => self.text(&pages::index_prediction(prediction)).await?,
                }
                is_first = false;
            }
        }
        match part {
            Part::Files => Ok(()),
            Part::Journal => self.text(pages::JOURNAL_MODEL_END).await,
            Part::Index => self.text(pages::INDEX_MODEL_END).await,
        }
    }

    /// Captions as they stand beside the photos in a bundle.
    async fn photos(&mut self, model: &Model, photos: &[Photo]) -> Result<(), Error> {
        for photo in photos {
            self.file(&photo.path, photo.bytes).await?;
            if let Some(caption) = &photo.caption {
                let text = caption::for_training(caption, &model.trigger_word);
                self.whole(name_of(&caption_path(&photo.path)), &text)
                    .await?;
            }
        }
        Ok(())
    }

    async fn images(&mut self, prediction: &Prediction) -> Result<(), Error> {
        for image in &prediction.images {
            self.file(&image.path, image.bytes).await?;
        }
        let name = pages::recipe_name(prediction);
        self.whole(&name, &json::to_string(&prediction.recipe))
            .await
    }

    /// Puts in a file of the store. One that is not there is noted and left out.
    async fn file(&mut self, path: &str, size: u64) -> Result<(), Error> {
        let (platform, config) = (self.app.platform, &self.app.config.bytescale);
        let at_bytescale = |fault: Fault| Error::at(Provider::Bytescale, &fault);
        let mut pieces = match bytescale::open(platform, config, path).await {
            Err(Fault::Refused { status: 404, .. }) => {
                if self.missing.len() < MOST_MISSING {
                    self.missing.push(name_of(path).to_owned());
                }
                return Ok(());
            }
            opened => opened.map_err(at_bytescale)?,
        };
        let header = self.zip.begin(name_of(path));
        self.sink.write(header).await.map_err(broken)?;
        let (mut sent, mut passed, mut tries) = (0_u64, 0_u64, 1);
        loop {
            match pieces.next_piece().await {
                Ok(None) => break,
                Ok(Some(piece)) => {
                    let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
                    let known = sent.saturating_sub(passed).min(length);
                    passed = passed.saturating_add(length);
                    let fresh = usize::try_from(known).map_or(piece.len(), |known| known);
                    let piece = piece.get(fresh..).unwrap_or_default().to_vec();
                    if !piece.is_empty() {
                        self.zip.data(&piece);
                        sent = passed.max(sent);
                        self.sink.write(piece).await.map_err(broken)?;
                    }
                }
                // The bytes under a path never change, so what was sent already is passed over.
                Err(fault) if fault.is_transient() && tries < TRIES => {
                    tries = tries.saturating_add(1);
                    passed = 0;
                    pieces = bytescale::open(platform, config, path)
                        .await
                        .map_err(at_bytescale)?;
                }
                Err(fault) => return Err(at_bytescale(fault)),
            }
        }
        if sent != size {
            return Err(at_bytescale(Fault::malformed("file")));
        }
        let descriptor = self.zip.end();
        self.sink.write(descriptor).await.map_err(broken)
    }

    async fn whole(&mut self, name: &str, text: &str) -> Result<(), Error> {
        self.entry(name, text).await?;
        self.close("").await
    }

    /// Begins an entry of text.
    async fn entry(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let header = self.zip.begin(name);
        self.sink.write(header).await.map_err(broken)?;
        self.text(text).await
    }

    async fn text(&mut self, text: &str) -> Result<(), Error> {
        if text.is_empty() {
            return Ok(());
        }
        self.zip.data(text.as_bytes());
        let written = self.sink.write(text.as_bytes().to_vec()).await;
        written.map_err(broken)
    }

    async fn close(&mut self, text: &str) -> Result<(), Error> {
        self.text(text).await?;
        let descriptor = self.zip.end();
        self.sink.write(descriptor).await.map_err(broken)
    }
}

/// The name of a file within the archive: its path without the owner.
fn name_of(path: &str) -> &str {
    path.splitn(4, '/').nth(3).unwrap_or(path)
}
