import Foundation
import JSON
import MailTemplates
import TestSupport
import Testing

@testable import AtlasCore

struct PriceTests {
    @Test(
        "Amounts are read as people write them",
        arguments: [
            ("150", "$150.00"), ("150.5", "$150.50"), ("$150.00", "$150.00"), ("1,250.50", "$1,250.50"),
            ("1250.05", "$1,250.05"),
            ("0.01", "$0.01"), ("10000000", "$10,000,000.00"), (" $ 1,000 ", "$1,000.00"), ("150.0", "$150.00"),
        ])
    func read(_ text: String, _ shown: String) throws {
        #expect(try Price(text, currency: "$").text(currency: "$") == shown)
    }

    @Test(
        "What is none is refused",
        arguments: [
            "0", "-5", "0.00", "10000000.01", "1.234", "1,25", "12,34,567", "abc", "", "1e3", "NaN", "1 000", "150.",
            ".5", "١٥٠",
            "150 USD", "99999999999999999999", "$", "1,2345",
        ])
    func refused(_ text: String) async {
        #expect(await refusal { try Price(text, currency: "$") } == "invalid_argument price")
    }

    @Test("The business's currency stands before it")
    func currency() throws {
        #expect(try Price("€ 1,250", currency: "€").text(currency: "€") == "€1,250.00")
        #expect(try Price("1250 CHF", currency: "CHF").text(currency: "CHF") == "CHF 1,250.00")
    }
}

struct ServiceTimeTests {
    @Test(
        "Times of day and spans are kept as they are",
        arguments: [
            "9:00", "14:30", "2pm", "2 PM", "2:30 p.m.", "9 AM - 11 AM", "9-11am", "11-1pm", "9:00–11:00",
            "8am to noon", "00:00",
            "11:30 am – 1 pm", "12pm", "12:30 AM", "noon",
        ])
    func kept(_ text: String) throws { #expect(try ServiceTime(text).text == text) }

    @Test(
        "What is none is refused",
        arguments: [
            "", "9", "24:00", "9:60", "13pm", "0am", "morning", "9:0", "9-11", "11 AM - 9 AM", "2pm-2pm",
            "9am-10am-11am", "9:00:00",
            "٩:٠٠", "9 AM -", "-9am", "9:00 tomorrow", "25",
        ])
    func refused(_ text: String) async {
        #expect(await refusal { try ServiceTime(text) } == "invalid_argument service_time")
    }
}

struct LetterTemplateTests {
    @Test("The binary has the files of templates/, each of them")
    func embedded() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../../../templates"
        )
        .standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count == 21 && Set(files.map(\.lastPathComponent)) == Set(LetterTemplates.builtIn.keys))
        for file in files {
            #expect(try String(contentsOf: file, encoding: .utf8) == LetterTemplates.builtIn[file.lastPathComponent])
        }
    }

    @Test("Values are escaped in HTML, not in text, and are no templates themselves")
    func escaping() throws {
        let renderer = MustacheRenderer()
        let values: JSON.Object = [
            "a": "<b> & \"c\" {{d}}", "d": "secret", "list": [["n": 1], ["n": 2]], "none": nil, "no": false,
        ]
        let template = "{{a}}|{{{a}}}|{{#list}}{{n}};{{/list}}|{{#none}}x{{/none}}{{#no}}x{{/no}}{{^no}}y{{/no}}\n"
        #expect(
            try renderer.render(template, with: values, escapesHTML: false)
                == "<b> & \"c\" {{d}}|<b> & \"c\" {{d}}|1;2;|y\n")
        #expect(
            try renderer.render(template, with: values, escapesHTML: true)
                == "&lt;b&gt; &amp; &quot;c&quot; {{d}}|<b> & \"c\" {{d}}|1;2;|y\n")
    }

    @Test("A section on lines of its own leaves none behind, also on the first")
    func lines() throws {
        let text = try MustacheRenderer().render("{{#a}}\nx\n{{/a}}\ny", with: ["a": true], escapesHTML: false)
        #expect(text == "x\ny")
    }

    @Test("A broken template is named with what is wrong")
    func broken() async {
        let told = await words { try MustacheRenderer().render("{{#a}} {{/b}}", with: [:], escapesHTML: false) }
        #expect(told.contains("no Mustache template") && told.contains("line"))
    }

    @Test("The operator's files take the place of the built-in ones, one by one")
    func own() async throws {
        let folder = try TemporaryFolder()
        try folder.write("estimate_residential.txt.mustache", "Own: {{client_name}} {{price}}")
        try folder.write("estimate_residential.html.mustache", " ")
        let desk = try await MailDesk(["ATLAS_EMAIL_TEMPLATES_DIR": folder.path])
        _ = try await desk.mailer.sendEstimate(.ann, idempotencyKey: nil)
        let mail = try #require(desk.sender.sent.value.first)
        #expect(mail.text == "Own: Ann <Lee> $1,250.50" && mail.html == nil)
        #expect(mail.subject == "Your estimate from Bright & Clean")
        try folder.write("estimate_residential.txt.mustache", "{{#x}}")
        #expect(await refusal { try await desk.mailer.sendEstimate(.ann, idempotencyKey: nil) } == "not_configured")
        try folder.write("estimate_residential.txt.mustache", String(repeating: "a", count: 300 << 10))
        #expect(
            (await words { try await desk.mailer.sendEstimate(.ann, idempotencyKey: nil) }).contains(
                "ATLAS_EMAIL_TEMPLATES_DIR"))
        #expect(desk.sender.sent.value.count == 1)
    }
}

extension Estimate {
    static let ann = Estimate(
        to: ["ann@example.com"], clientName: "Ann <Lee>", address: "1 Main St & Co.", serviceDate: "2099-11-24",
        serviceTime: "9 AM - 11 AM", price: "1250.5", clientType: .residential)
}

extension Proposal {
    static let acme = Proposal(
        to: ["ann@example.com"], clientName: "Acme Inc.", contactName: "Ann Lee", address: "1 Main St",
        areasToClean: "Kitchen, bath", cleaningDescription: "Floors\nWindows", price: "$99", clientType: .business)
}

struct EstimateTests {
    @Test("An estimate says everything, in text and HTML, and is in the history", arguments: ClientType.allCases)
    func sent(_ type: ClientType) async throws {
        let desk = try await MailDesk(["ATLAS_BUSINESS_WEBSITE": "https://example.com"])
        let ann = try await desk.contact("Ann", "ann@example.com")
        var estimate = Estimate.ann
        estimate.clientType = type
        let sent = try await desk.mailer.sendEstimate(estimate, idempotencyKey: "a").outcome
        #expect(sent.template == "estimate_\(type.rawValue)" && sent.pdfAttached == nil)
        #expect(sent.message == "Estimate of $1,250.50 was sent to ann@example.com.")
        let mail = try #require(desk.sender.sent.value.first)
        for text in [
            "1 Main St & Co.", "Tuesday, November 24, 2099", "9 AM - 11 AM", "$1,250.50", "Ann <Lee>", "Bright & Clean",
            "(217) 555-0100", "shop@example.com", "https://example.com",
        ] {
            #expect(mail.text.contains(text), "\(text)")
            #expect(mail.html?.contains(text.escapedForHTML) == true, "\(text)")
        }
        #expect(
            !mail.text.contains("{{") && mail.html?.contains("{{") == false && mail.html?.contains("Ann <Lee>") == false
        )
        #expect(!mail.text.contains("\n\n\n"))
        #expect(try await desk.rows("template_type || ' ' || status") == ["estimate sent"])
        let line = try await desk.contacts.contacts.interactions(of: ann.id).first?.summary
        #expect(line?.hasPrefix("Estimate of $1,250.50 sent by e-mail:") == true)
        #expect(try await desk.mailer.sendEstimate(estimate, idempotencyKey: "a").replayed)
        #expect(desk.sender.sent.value.count == 1)
    }

    @Test("Every wrong value is told by its name, and nothing is sent")
    func refused() async throws {
        let desk = try await MailDesk()
        func said(_ change: (inout Estimate) -> Void) async -> String {
            var estimate = Estimate.ann
            change(&estimate)
            return await refusal { try await desk.mailer.sendEstimate(estimate, idempotencyKey: nil) }
        }
        #expect(await said { $0.price = "free" } == "invalid_argument price")
        #expect(await said { $0.serviceDate = "2020-01-01" } == "invalid_argument service_date")
        #expect(await said { $0.serviceDate = "2099-02-30" } == "invalid_argument service_date")
        #expect(await said { $0.serviceDate = " " } == "invalid_argument service_date")
        #expect(await said { $0.serviceTime = "soon" } == "invalid_argument service_time")
        #expect(await said { $0.clientName = "" } == "invalid_argument client_name")
        #expect(await said { $0.address = "" } == "invalid_argument address")
        #expect(await said { $0.to = ["ann"] } == "invalid_argument to")
        #expect(await said { $0.to = [] } == "invalid_argument to")
        #expect(try await desk.rows().isEmpty)
    }

    @Test("Today is not in the past; a moment counts as its day here")
    func days() async throws {
        let desk = try await MailDesk()
        var estimate = Estimate.ann
        estimate.serviceDate = String(desk.mailer.time.iso8601(Date()).prefix(10))
        _ = try await desk.mailer.sendEstimate(estimate, idempotencyKey: nil)
        estimate.serviceDate = "2099-11-25T02:00:00Z"
        _ = try await desk.mailer.sendEstimate(estimate, idempotencyKey: nil)
        #expect(desk.sender.sent.value.last?.text.contains("Tuesday, November 24, 2099") == true)
    }

    @Test("All missing details of the business are named at once")
    func details() async throws {
        let desk = try await MailDesk(["ATLAS_BUSINESS_NAME": nil, "ATLAS_BUSINESS_PHONE": "${PHONE}"])
        let told = await words { try await desk.mailer.sendEstimate(.ann, idempotencyKey: nil) }
        #expect(told.contains("ATLAS_BUSINESS_NAME and ATLAS_BUSINESS_PHONE"))
        try await desk.send()
    }
}

struct ProposalTests {
    @Test("A proposal goes with its PDF", arguments: ClientType.allCases)
    func attached(_ type: ClientType) async throws {
        let folder = try TemporaryFolder()
        try folder.write("Acme_Inc 2026.pdf", "%PDF")
        let desk = try await MailDesk(["ATLAS_EMAIL_PROPOSALS_DIRS": folder.path])
        var proposal = Proposal.acme
        proposal.clientType = type
        proposal.contactPhone = "217 555 0134"
        let sent = try await desk.mailer.sendProposal(proposal, idempotencyKey: nil).outcome
        #expect(sent.template == "proposal_\(type.rawValue)" && sent.pdfAttached == true && sent.warnings.isEmpty)
        #expect(sent.message == "Proposal for $99.00 was sent to ann@example.com with Acme_Inc 2026.pdf.")
        let mail = try #require(desk.sender.sent.value.first)
        #expect(
            mail.attachments.map(\.filename) == ["Acme_Inc 2026.pdf"]
                && mail.attachments[0].contentType == "application/pdf")
        for text in ["Ann Lee", "1 Main St", "Kitchen, bath", "Floors\nWindows", "$99.00", "As needed", "attached"] {
            #expect(mail.text.contains(text) && mail.html?.contains(text) == true, "\(text)")
        }
        #expect(try await desk.rows("template_type || attachments::text") == ["proposal{\"Acme_Inc 2026.pdf\"}"])
    }

    @Test("Without one it goes alone, and says so")
    func alone() async throws {
        let folder = try TemporaryFolder()
        let desk = try await MailDesk(["ATLAS_EMAIL_PROPOSALS_DIRS": folder.path])
        var proposal = Proposal.acme
        proposal.contactPhone = "217 555 0134"
        let sent = try await desk.mailer.sendProposal(proposal, idempotencyKey: nil).outcome
        #expect(sent.pdfAttached == false && sent.warnings.count == 1 && sent.warnings[0].contains("Acme Inc."))
        #expect(desk.sender.sent.value.first?.text.contains("attached") == false)
    }

    @Test("A business has a number; a household needs none")
    func phone() async throws {
        let desk = try await MailDesk()
        var proposal = Proposal.acme
        #expect(
            await refusal { try await desk.mailer.sendProposal(proposal, idempotencyKey: nil) }
                == "invalid_argument contact_phone")
        proposal.clientType = .residential
        _ = try await desk.mailer.sendProposal(proposal, idempotencyKey: nil)
        proposal.contactName = " "
        #expect(
            await refusal { try await desk.mailer.sendProposal(proposal, idempotencyKey: nil) }
                == "invalid_argument contact_name")
        #expect(desk.sender.sent.value.count == 1)
    }
}
