//! What a page shows beside a room, or in place of one: a list of messages, a thread.

use std::collections::BTreeMap;

use app::{
    boot::{Chat, ListPage},
    route::Listing,
};
use protocol::{ErrorCode, ForYouMessage, History, RoomId, SavedMessage, Seq, UserId, UserSummary};

use super::backend::{DRAWN_BYTES, NoPage, PageBackend};
use crate::{
    auth::rights::Who,
    commands::{history::thread, personal},
    store::fitting,
};

impl PageBackend {
    /// The first page of a list of messages, whose authors join the people of `chat`. None where it is too large to be drawn: the browser asks
    /// for it.
    pub(super) async fn list(
        &self,
        who: Who,
        list: Listing,
        chat: &mut Chat,
    ) -> Result<Option<ListPage>, NoPage> {
        let state = &self.0;
        let page = match list {
            Listing::ForYou => {
                let page = personal::for_you(state, who, None).await?;
                ListPage {
                    items: page.for_you,
                    next: page.next,
                }
            }
            Listing::Saved => {
                let page = personal::saved(state, who, None).await?;
                let item = |SavedMessage { room, message, .. }| ForYouMessage { room, message };
                ListPage {
                    items: page.saved.into_iter().map(item).collect(),
                    next: page.next,
                }
            }
        };
        let messages = page.items.iter().map(|item| &item.message);
        if fitting(messages, DRAWN_BYTES) < page.items.len() {
            return Ok(None);
        }
        let authors = page.items.iter().map(|item| item.message.by).collect();
        self.known(authors, chat).await?;
        Ok(Some(page))
    }

    /// The thread of the open room, with those who wrote in it. Whether there is one.
    pub(super) async fn thread(
        &self,
        who: Who,
        (room, root, at): (RoomId, Seq, Option<Seq>),
        chat: &mut Chat,
    ) -> Result<bool, NoPage> {
        let ask = History {
            req: 0,
            room,
            thread: Some(root),
            before: None,
            after: None,
            around: at,
            limit: None,
            counts: true,
        };
        let page = match thread(&self.0, who, ask, root, DRAWN_BYTES).await {
            Ok(page) => page,
            Err(why) if matches!(why.code, ErrorCode::NotFound | ErrorCode::Invalid) => {
                return Ok(false);
            }
            Err(why) => return Err(why.into()),
        };
        let all = page.root.as_deref().into_iter().chain(&page.messages);
        let writers = all.map(|message| message.by).collect();
        self.known(writers, chat).await?;
        if let Some(open) = &mut chat.open {
            open.thread = Some(Box::new(page));
        }
        Ok(true)
    }

    /// These people are known to who reads the page.
    async fn known(&self, wanted: Vec<UserId>, chat: &mut Chat) -> Result<(), NoPage> {
        let known = chat.users.drain(..).map(|user| (user.id, user));
        let mut people: BTreeMap<UserId, UserSummary> = known.collect();
        self.name(wanted, &mut people).await?;
        chat.users = people.into_values().collect();
        Ok(())
    }
}
