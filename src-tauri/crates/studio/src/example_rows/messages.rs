//! Invented messages to a shop, the rows of the example dataset.

/// Intents, each with variants of a message and the shop's reply. `{p}` is a product, `{n}` the number of
/// an order.
struct Wish {
    intent: &'static str,
    said: [&'static str; 6],
    answer: &'static str,
}

const PRODUCTS: [&str; 5] =
    ["the blue kettle", "my desk lamp", "the hiking boots", "the garden hose", "the wooden puzzle"];

const WISHES: [Wish; 10] = [
    Wish {
        intent: "where_is_my_order",
        said: [
            "Where is {p}? I ordered it last week and heard nothing since.",
            "Order {n} was due on Tuesday. When will {p} arrive?",
            "The tracking page for {n} has not changed in four days.",
            "Could you check on {p} for me? The number is {n}.",
            "I am still waiting for {p}, is it on its way at all?",
            "Your mail said shipped, the courier says they never saw {n}.",
        ],
        answer: "I am sorry that you have to wait. I have asked the courier about order {n} and will write to you by tomorrow noon.",
    },
    Wish {
        intent: "cancel_order",
        said: [
            "Please cancel order {n}, I found {p} in a drawer.",
            "I changed my mind about {p}. Can you stop it before it ships?",
            "Cancel {n} please, I clicked twice by mistake.",
            "I no longer need {p}, so take it off my order.",
            "Is it too late to cancel {n}?",
            "We ordered {p} twice in this house. Cancel mine, it is {n}.",
        ],
        answer: "Order {n} is cancelled. If it was paid, the money is back on your account within five days.",
    },
    Wish {
        intent: "return_item",
        said: [
            "I would like to send {p} back. How does that work?",
            "How long do I have to return {p}?",
            "Please send me a return label for {n}.",
            "{n} does not suit me and I want to return it unopened.",
            "Do I have to pay the postage when I return {p}?",
            "Can I bring {p} back to one of your shops instead of posting it?",
        ],
        answer: "You can return it within thirty days. The label for order {n} is in your account under Returns, and the postage is on us.",
    },
    Wish {
        intent: "damaged_item",
        said: [
            "{n} arrived with a crack right across it.",
            "The box was open and {p} is scratched all over.",
            "I unpacked {p} and a part is broken off.",
            "Half of {n} arrived soaked. What now?",
            "Photos attached: {p} was dented when the courier handed it over.",
            "There is a screw missing from {p} and the thread is worn.",
        ],
        answer: "That should not happen, and I am sorry. A new one leaves today under order {n}; please keep the old one until the courier collects it.",
    },
    Wish {
        intent: "wrong_item",
        said: [
            "I opened the parcel and it is not {p} at all.",
            "Order {n} came in green, I chose yellow.",
            "You sent me someone else's parcel instead of {p}.",
            "The size on {n} is not the one I ordered.",
            "I was meant to get {p} but there is a cookbook in the box.",
            "Two of the same in {n}, and the other thing is missing.",
        ],
        answer: "We mixed that up. The right one for order {n} ships today, and the courier takes the wrong one with them.",
    },
    Wish {
        intent: "refund_status",
        said: [
            "I returned {p} two weeks ago. Where is my money?",
            "When will the refund for {n} arrive?",
            "My bank shows nothing yet for {n}.",
            "You promised a refund for {p} by Friday, it is Monday.",
            "Was my refund for {n} sent to the old card? That card is closed.",
            "I got back less than I paid for {p}. Why?",
        ],
        answer: "The refund for order {n} was sent to the account you paid from. Banks take up to five days to show it; tell me if it is not there by then.",
    },
    Wish {
        intent: "change_address",
        said: [
            "I have moved. Please send {n} to my new address.",
            "The house number on order {n} is wrong, it should be 14.",
            "Can {p} go to my office instead?",
            "Please deliver {p} to my neighbour, I am away.",
            "I typed the wrong postcode for {n}, can you mend it?",
            "Where do I change the delivery address for {p}?",
        ],
        answer: "As long as order {n} has not left us you can change its address in your account under Orders. Shall I do it for you?",
    },
    Wish {
        intent: "product_question",
        said: [
            "Does {p} come with a warranty?",
            "Which colours are there of {p}?",
            "How heavy is {p} with its packaging?",
            "Will there be more of {p} before the holidays?",
            "Is {p} suitable for children under six?",
            "What is {p} made of, and can it be recycled?",
        ],
        answer: "Thank you for asking. The data sheet on the product's page says so in full, and I have put the part you need below.",
    },
    Wish {
        intent: "invoice_request",
        said: [
            "I need an invoice for {n} with my company's name on it.",
            "Please send me the receipt for {p} again.",
            "The invoice for {n} has the wrong tax number.",
            "Where can I download the bill for {p}?",
            "My accountant asks for a receipt for order {n}.",
            "Could the invoice for {p} be in English?",
        ],
        answer: "The invoice for order {n} is in your account under Documents. If the name or number on it has to change, write them here and I will make a new one.",
    },
    Wish {
        intent: "thanks",
        said: [
            "{p} is even nicer than in the picture. Thank you!",
            "Just to say that {n} arrived a day early. Well done.",
            "Your colleague helped me so kindly with {n}, please pass it on.",
            "We love {p}. No question this time.",
            "All sorted with {n} now, thanks for your patience.",
            "Best wrapping I have ever seen, and {p} works perfectly.",
        ],
        answer: "Thank you, that made our day. I have passed it on to everyone who had a hand in order {n}.",
    },
];

/// The messages as a CSV file: `message`, `intent`, `reply`. Every call returns the same text.
pub(super) fn csv() -> String {
    let mut text = String::from("message,intent,reply\n");
    for round in 0..PRODUCTS.len() {
        for way in 0..6 {
            for (at, wish) in WISHES.iter().enumerate() {
                let product = PRODUCTS[(round + way + at) % PRODUCTS.len()];
                let number = (41_000 + round * 1_511 + way * 223 + at * 37).to_string();
                let fill = |text: &str| capitalised(&text.replace("{p}", product).replace("{n}", &number));
                text += &format!(
                    "{},{},{}\n",
                    quoted(&fill(wish.said[way])),
                    wish.intent,
                    quoted(&fill(wish.answer))
                );
            }
        }
    }
    text
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
