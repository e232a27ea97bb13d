"""Speech recognition and a language model on loopback, saying what they are told to.

    python3 speech.py         prints its URL and runs until its standard input ends

In a test: `with Speech() as speech: speech.texts.append("…"); speech.answers.append("…")`. `/v1/asr` and
`/v1/audio/transcriptions` answer with the text that `heard` has for these octets, else with the next of `texts`, and
`/v1/chat/completions` with the next answer (a text, or an Answer for what is none); the last of each is repeated. `/v1/models` lists
`models`, to whom has the `key` if there is one. Another process says
`POST /_control/say {"text": …, "answer": …}`.
"""

import json

from serving import Answer, Double, parts, run


class Speech(Double):
    def __init__(self):
        super().__init__()
        self.texts, self.answers, self.files, self.questions = [], [], [], []
        self.heard = {}  # {octets of a file: its text}
        self.models, self.key = ["double"], None

    def respond(self, request):
        if request.method == "POST" and request.path in ("/v1/asr", "/v1/audio/transcriptions"):
            fields = parts(request)
            if "file" not in fields or not fields["file"][2].startswith(b"RIFF"):
                return Answer(400, {"error": "no WAV in file"})
            if request.path.endswith("transcriptions") and "model" not in fields:
                return Answer(400, {"error": {"message": "you must provide a model parameter"}})
            self.files.append(fields)
            octets = fields["file"][2]
            return Answer(200, {"text": self.heard[octets] if octets in self.heard else self.next(self.texts, "")})
        if request.method == "POST" and request.path == "/v1/chat/completions":
            question = json.loads(request.body)
            self.questions.append(question)
            answer = self.next(self.answers, "{}")
            if isinstance(answer, Answer):
                return answer
            return Answer(200, {
                "id": "chatcmpl-1", "object": "chat.completion", "created": 1_790_000_000, "model": question.get("model"),
                "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}})
        if request.method == "GET" and request.path == "/v1/models":
            if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
                return Answer(401, {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error"}})
            return Answer(200, {"object": "list", "data": [
                {"id": name, "object": "model", "created": 1_790_000_000, "owned_by": "double"} for name in self.models]})
        if request.path in ("/v1/asr", "/v1/audio/transcriptions", "/v1/chat/completions"):
            return Answer(405, {"error": {"message": "method not allowed"}}, {"Allow": "POST"})
        return Answer(404, {"error": {"message": "not found"}})

    @staticmethod
    def next(queue, default):
        return (queue.pop(0) if len(queue) > 1 else queue[0]) if queue else default

    def control(self, name, order):
        if name != "say":
            return super().control(name, order)
        self.texts[:] = [order["text"]] if "text" in order else self.texts
        self.answers[:] = [order["answer"]] if "answer" in order else self.answers
        return None


if __name__ == "__main__":
    run(Speech())
