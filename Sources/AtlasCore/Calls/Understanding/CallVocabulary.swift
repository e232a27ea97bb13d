/// What words in a call tell of its purpose.
enum CallVocabulary {
    static let wrongNumber = [
        "have the wrong number", "got the wrong number", "have a wrong number", "dialed the wrong number",
        "dialled the wrong number", "called the wrong number", "must be the wrong number", "this is the wrong number",
        "think it's the wrong number", "sorry wrong number", "is the wrong number", "it's the wrong number",
        "reached the wrong number", "must have misdialed", "i misdialed", "no one here by that name",
        "nobody here by that name", "no one by that name", "nobody by that name", "wrong number sorry",
        "wrong number i'm sorry", "número equivocado", "have the wrong person",
    ]
    static let notWrongNumber = [
        "on file is the wrong number", "gave you the wrong number", "gave me the wrong number", "wrong number on file",
        "listed is the wrong number", "wrong number of",
    ]

    static let spam = [
        "extended warranty", "vehicle's warranty", "car's warranty", "car warranty", "auto warranty", "press one to",
        "press 1 to", "press one now", "press 1 now", "press two to", "press 2 to", "press nine to", "press 9 to",
        "google listing", "google business listing", "google business profile", "search engine optimization",
        "first page of google", "business loan", "working capital", "pre-approved for", "preapproved for",
        "merchant services", "credit card processing", "lower your interest", "lower your electric", "solar incentive",
        "social security number has been", "final notice", "you have been selected", "you've been selected",
        "won a free", "this is not a sales call", "student loan forgiveness", "free vacation", "medicare benefits",
        "irs has", "gift cards", "crypto", "bitcoin", "to be removed from our list", "to opt out press", "seo services",
        "your listing is", "health insurance marketplace", "duct cleaning special in your area",
    ]

    static let personal = [
        "it's mom", "it's your mom", "it's dad", "it's your dad", "love you bye", "love you too", "love you so much",
        "i love you",
        "happy birthday", "pick up the kids", "dinner tonight", "hey honey", "hi honey", "hey babe", "see you at home",
        "what's for dinner", "pick up some milk", "it's your mother", "it's your father", "it's your sister",
        "it's your brother",
    ]

    static let reschedule = [
        "reschedule", "rescheduling", "re-schedule", "move my appointment", "move our appointment",
        "move the appointment",
        "change my appointment", "change our appointment", "change the appointment", "change the date",
        "change the time",
        "change the day", "push back my", "push my appointment", "push it back", "different day", "another day instead",
        "move it to", "push it to", "switch my appointment", "switch it to", "change it to", "postpone",
        "move my cleaning",
        "move the cleaning", "move our cleaning", "bring forward my", "different time", "reprogramar",
    ]

    static let cancellation = [
        "cancel", "cancelling", "canceling", "cancellation", "call off", "stop the service", "stop my service",
        "discontinue", "no longer need", "don't need you to come",
    ]
    static let notCancellation = [
        "cancellation policy", "don't want to cancel", "not cancel", "cancellation fee", "if i cancel",
        "if i need to cancel",
        "don't cancel", "someone cancels", "have a cancellation", "get a cancellation", "any cancellations",
    ]

    static let complaint = [
        "complaint", "complain", "not happy", "unhappy", "terrible", "awful", "unacceptable", "disappointed", "refund",
        "dissatisfied", "not satisfied", "missed a spot", "missed the", "damaged", "you broke", "they broke",
        "broke my", "broke a",
        "scratched", "never showed", "didn't show up", "no show", "nobody came", "no one came", "nobody showed",
        "no one showed", "still leaking", "not acceptable", "poor job", "bad job", "sloppy", "rude", "furious",
        "ridiculous",
        "your manager", "the manager", "a manager", "upset", "money back", "ruined", "didn't clean", "didn't fix",
        "left a mess",
        "worse than before", "an hour late", "hours late", "frustrated",
    ]

    static let billing = [
        "invoice", "my bill", "the bill", "a bill", "billing", "charged", "overcharged", "payment", "receipt",
        "charge on",
        "paid", "pay my", "pay the", "pay for", "credit card on file", "statement", "balance", "late fee",
        "charged twice",
    ]

    static let estimate = ["estimate", "quote", "bid"]
    static let price = ["how much", "pricing", "price", "cost", "rates", "what do you charge", "your rate"]

    static let booking = [
        "book", "booking", "schedule", "set up an appointment", "make an appointment", "an appointment", "sign up",
        "set up a", "come out", "come over", "get on the calendar", "on your calendar", "like to have",
        "get someone out",
        "send someone", "somebody out", "someone out", "set something up", "i need", "we need", "needs", "need a",
        "need my", "need someone", "looking for someone",
        "need somebody",
        "looking for a", "looking to get", "want to get", "like to get", "available", "availability", "openings",
        "una cita",
    ]

    static let notBooking = [
        "i need to know", "i need to ask", "i need to talk", "i need to speak", "i just need to", "we need to know",
        "we need to talk",
    ]

    static let followUp = [
        "following up", "follow up", "calling back", "returning your call", "returning a call", "checking in",
        "any update", "calling to confirm", "confirm your appointment", "confirm my appointment", "missed call",
        "touch base",
        "check on the status", "you called me", "called me earlier", "got a call from", "remind you", "reminder",
    ]

    static let question = [
        "question", "wondering", "do you", "are you open", "your hours", "what time do you", "what are",
        "where are you", "can you tell me",
        "just want to know", "just wanted to know", "how long", "is it possible", "are you", "does your", "which",
    ]

    /// How a service is called, by the words that name it. Longer ones come first.
    static let services: [(name: String, words: [String])] = [
        (
            "move-out cleaning",
            ["move-out cleaning", "move out cleaning", "move-out clean", "move out clean", "moving out cleaning"]
        ),
        ("move-in cleaning", ["move-in cleaning", "move in cleaning", "move-in clean"]),
        (
            "post-construction cleaning",
            ["post-construction cleaning", "post construction cleaning", "construction cleanup", "after construction"]
        ),
        ("deep cleaning", ["deep cleaning", "deep clean", "deep-clean", "deep-cleaning", "deep cleaned"]),
        (
            "carpet cleaning",
            [
                "carpet cleaning", "carpets cleaned", "clean the carpets", "clean my carpets", "carpets", "carpet",
                "rug cleaning",
            ]
        ),
        (
            "window cleaning",
            [
                "window cleaning", "window washing", "windows washed", "windows cleaned", "clean the windows",
                "clean my windows", "windows",
            ]
        ),
        ("gutter cleaning", ["gutter cleaning", "gutters cleaned", "gutters"]),
        ("upholstery cleaning", ["upholstery cleaning", "upholstery", "couch cleaned", "sofa cleaned"]),
        ("oven cleaning", ["oven cleaning", "oven cleaned", "inside the oven"]),
        (
            "office cleaning",
            [
                "office cleaning", "office cleaned", "clean our office", "clean the office", "commercial cleaning",
                "janitorial",
            ]
        ),
        ("pressure washing", ["pressure washing", "power washing", "pressure wash", "power wash"]),
        ("dryer vent cleaning", ["dryer vent", "dryer vents"]),
        (
            "house cleaning",
            [
                "house cleaning", "home cleaning", "apartment cleaning", "house cleaned", "apartment cleaned",
                "clean my house", "clean our house", "clean my apartment", "housekeeping", "maid service",
            ]
        ),
        ("cleaning", ["cleaning", "cleaned", "cleaner", "cleaners"]),
        ("water heater", ["water heater", "hot water heater", "water heaters", "tankless"]),
        (
            "drain cleaning",
            [
                "drain cleaning", "clogged drain", "drain is clogged", "blocked drain", "clogged sink",
                "sink is clogged", "drain", "drains",
            ]
        ),
        ("toilet repair", ["toilet", "toilets"]),
        ("leak repair", ["leak", "leaking", "leaks", "leaky"]),
        ("burst pipe", ["burst pipe", "pipe burst", "pipes burst", "broken pipe", "frozen pipe", "frozen pipes"]),
        ("sewer line", ["sewer line", "sewer"]), ("faucet repair", ["faucet", "faucets"]),
        ("garbage disposal", ["garbage disposal", "disposal"]), ("sump pump", ["sump pump"]),
        ("plumbing", ["plumbing", "plumber"]),
        ("air conditioning", ["air conditioning", "air conditioner", "ac unit", "a/c"]),
        ("heating", ["furnace", "heating", "boiler", "heat pump"]), ("hvac", ["hvac"]),
        ("electrical", ["electrical", "electrician", "wiring", "outlet", "outlets", "breaker"]),
        ("lawn care", ["lawn care", "lawn mowing", "mow the lawn", "lawn mowed", "lawn"]),
        ("landscaping", ["landscaping", "landscaper"]),
        ("tree removal", ["tree removal", "tree trimming", "tree cut"]),
        ("snow removal", ["snow removal", "snow plowing"]),
        ("pest control", ["pest control", "exterminator", "termites"]),
        ("painting", ["painting", "painted", "painter"]), ("roof repair", ["roof repair", "roofing", "roof"]),
        ("junk removal", ["junk removal"]), ("flooring", ["flooring", "hardwood floors"]),
        ("appliance repair", ["appliance repair", "dishwasher", "washing machine", "refrigerator"]),
    ]

    static let frequencies: [(name: String, words: [String])] = [
        (
            "every two weeks",
            [
                "every two weeks", "every 2 weeks", "every other week", "biweekly", "bi-weekly", "twice a month",
                "fortnightly", "every second week",
            ]
        ),
        ("weekly", ["weekly", "every week", "once a week", "each week"]),
        ("monthly", ["monthly", "every month", "once a month", "each month"]),
        ("quarterly", ["quarterly", "every three months", "every 3 months", "once a quarter"]),
        ("twice a week", ["twice a week", "two times a week"]), ("daily", ["daily", "every day"]),
        ("one time", ["one time", "one-time", "just once", "only once", "a single"]),
    ]

    static let emergencies = [
        "emergency", "flooding", "flooded", "burst pipe", "pipe burst", "pipes burst", "gas leak", "smell gas",
        "no heat",
        "water everywhere", "water is everywhere", "pouring", "sparking", "overflowing", "backing up into",
    ]
    static let notEmergencies = [
        "not an emergency", "no emergency", "isn't an emergency", "not urgent", "nothing urgent", "isn't urgent",
        "not flooding",
    ]
    static let urgent = [
        "urgent", "urgently", "as soon as possible", "asap", "right away", "immediately", "soon as you can",
        "today if possible",
        "right now", "can't wait",
    ]
    static let patient = [
        "no rush", "no hurry", "whenever you", "whenever is", "not in a hurry", "take your time", "not urgent",
    ]

    static let callbacks = [
        "call me back", "call me at", "call back", "get back to me", "give me a call", "let me know", "reach me",
        "return my call",
        "hear from you", "give us a call", "call us back", "text me", "email me",
    ]

    /// Whether one of the phrases stands in `text`, which is ``SpokenTurn/lowered()``; a phrase is whole words.
    static func has(_ phrases: [String], in text: String) -> Bool { phrases.contains { text.contains(" \($0) ") } }
}
