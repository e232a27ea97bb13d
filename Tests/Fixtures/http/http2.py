"""HTTP/2 over the state machine of the package h2: echo, delay, hang, refuse (a stream), close (the connection)."""

import asyncio
import json
from urllib.parse import parse_qs, urlsplit

import h2.config
import h2.connection
import h2.errors
import h2.events

import answers


async def serve(house, connection, reader, writer):
    if writer.get_extra_info("ssl_object").selected_alpn_protocol() != "h2":
        return await answers.serve(house, connection, reader, writer)
    machine = h2.connection.H2Connection(config=h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
    machine.initiate_connection()
    streams = {}
    tasks = set()

    def flush():
        writer.write(machine.data_to_send())

    async def answer(stream, headers, body):
        named = dict(headers)
        url = urlsplit(named[":path"])
        _, key, action = url.path.split("/", 2)
        query = parse_qs(url.query)
        fields = [[name, value] for name, value in headers if not name.startswith(":")]
        request = house.remember(key, connection, named[":method"], named[":path"], fields, body)
        if action == "hang":
            return
        if action == "close":
            return writer.transport.abort()
        if action == "refuse":
            machine.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
            return flush()
        if action == "delay":
            await asyncio.sleep(float(query["seconds"][0]))
        octets = json.dumps({k: v for k, v in request.items() if k != "of"}).encode()
        machine.send_headers(stream, [(":status", "200"), ("content-type", "application/json")])
        machine.send_data(stream, octets, end_stream=True)
        flush()

    flush()
    while data := await reader.read(65536):
        for event in machine.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                streams[event.stream_id] = (event.headers, bytearray())
            elif isinstance(event, h2.events.DataReceived):
                streams[event.stream_id][1].extend(event.data)
                machine.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                headers, body = streams.pop(event.stream_id)
                task = asyncio.ensure_future(answer(event.stream_id, headers, bytes(body)))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        flush()
        await writer.drain()
