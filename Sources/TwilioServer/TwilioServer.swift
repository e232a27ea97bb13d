import ArgumentParser
import AtlasCore
import AtlasServer
import MCP

@main
struct TwilioServer: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "TwilioServer",
        abstract:
            "A business's telephone, for an LLM agent: calls, recordings and text messages by Twilio or SignalWire.",
        discussion: """
            Speaks the Model Context Protocol over standard input and output; logs go to standard error. Started without \
            options it registers its ten default tools. Settings are environment variables: see docs/configuration.md.
            """,
        version: atlasVersion)

    @OptionGroup var options: ServerOptions

    static let program = ServerProgram(
        name: "atlas-twilio",
        title: "Atlas Telephony",
        product: "TwilioServer",
        instructions: """
            The business's telephone. make_call and send_sms reach real people and cost money: each is done once, never by itself \
            again, so give an idempotency_key when you may have to repeat a call of the tool. When an answer says that nobody knows \
            whether it happened, look (list_calls) before you try again. A refusal by policy or by the recipient's STOP is final. \
            Times are in the business's time zone.
            """,
        tools: tools,
        resources: CallResources.templates,
        prompts: CallPrompts.all,
        services: Phone.init)

    /// Every tool, in the order clients list them.
    static let tools: [any Tool<Phone>.Type] = [
        MakeCall.self,
        GetCall.self,
        ListCalls.self,
        HangupCall.self,
        StartRecording.self,
        StopRecording.self,
        ListRecordings.self,
        GetRecording.self,
        SendSMS.self,
        LookupPhone.self,
        SaveCallTranscript.self,
        ProcessCall.self,
        GetCallTranscript.self,
        ListCallTranscripts.self,
    ]
}
