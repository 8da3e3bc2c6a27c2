"""Registers with the media server, takes calls by count and not by load, and runs one host for each."""

import asyncio
import ctypes
import json
import signal
from contextlib import suppress
from uuid import UUID

from livekit.agents import AgentServer, AutoSubscribe, JobContext, JobExecutorType, JobProcess, JobRequest

from agent import models
from agent.call_providers import CallProviders, warm
from agent.host import Host
from agent.preparing import Prepared
from agent.record import open_record
from agent.settings import AgentSettings
from agent.waiting import wait_for_people
from db.heartbeats import keep_beating
from db.pool import Pool, open_pool
from db.spool import Spool
from domain.call import AGENT_DISPLAY_NAME, agent_identity
from domain.ids import CallId, OrganizationId, uuid7
from domain.transcript import ParticipantRole
from providers.rooms import DISPATCH_NAME, ROLE_ATTRIBUTE
from telemetry import log

logger = log.get(__name__)

PR_SET_PDEATHSIG = 1
LOAD_THRESHOLD = 0.99
"""Full at one: the load is calls over places. Source: notes livekit.md §0.1, the CPU gates lose calls silently."""


DRAIN_SECONDS = 5


def prewarm(process: JobProcess) -> None:
    """In each job process before its call: dies with its parent, has its logs and its models."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    settings = AgentSettings()
    log.configure("agent-job", keep_pii=settings.log_pii)
    process.userdata["settings"] = settings
    process.userdata["models"] = models.load()
    warm(settings)


async def accept(request: JobRequest) -> None:
    wanted = json.loads(request.job.metadata)
    identity = agent_identity(CallId(UUID(wanted["call_id"])), wanted["epoch"])
    await request.accept(
        identity=identity, name=AGENT_DISPLAY_NAME, attributes={ROLE_ATTRIBUTE: ParticipantRole.AGENT.value}
    )


async def hold_call(context: JobContext) -> None:
    """One call: joins, waits for its people, and stays until it is over."""
    wanted = json.loads(context.job.metadata)
    organization_id = OrganizationId(UUID(wanted["organization_id"]))
    call_id = CallId(UUID(wanted["call_id"]))
    settings: AgentSettings = context.proc.userdata["settings"]
    _, pool = await asyncio.gather(
        context.connect(auto_subscribe=AutoSubscribe.SUBSCRIBE_NONE),
        open_pool(settings.app_database_url, most_connections=4),
    )
    loaded: models.Models = context.proc.userdata["models"]
    prepared = Prepared(context.room, loaded)
    preparing = asyncio.create_task(prepared.prepare(pool, organization_id, call_id))
    try:
        needless = await wait_for_people(context.room, pool, organization_id, call_id, wanted["epoch"])
        record = None if needless else await open_record(pool, organization_id, call_id, wanted["epoch"])
        if record is None:
            reason = needless or "the call is over"
            logger.info("agent is not needed", call_id=str(call_id), reason=reason)
        else:
            await preparing
            judge = await prepared.judge(record.questions)
            spool = Spool(settings.home / "spool")
            providers = CallProviders(record.providers, settings, record.call, loaded.speech_to_text)
            host = Host(context.room, record, wanted["epoch"], loaded, providers, pool, spool, prepared.voice, judge)
            try:
                reason = await host.run()
            finally:
                await providers.aclose()
            if host.has_ended_call:
                await context.delete_room()
            logger.info("agent leaves", call_id=str(call_id), reason=reason)
    finally:
        preparing.cancel()
        await asyncio.gather(preparing, return_exceptions=True)
        await prepared.aclose()
        await pool.close()
    context.shutdown(reason)


async def run(settings: AgentSettings) -> None:
    """Until SIGINT or SIGTERM; a second one does not wait for the calls."""
    server = AgentServer(
        ws_url=settings.livekit_url,
        api_key=settings.livekit_api_key,
        api_secret=settings.livekit_api_secret,
        host="127.0.0.1",
        port=settings.health_port,
        job_executor_type=JobExecutorType.PROCESS,
        preload_modules=["agent.worker"],  # imported once, so that a job process is there in a moment
        num_idle_processes=settings.idle_processes,
        setup_fnc=prewarm,
        initialize_process_timeout=60,
        load_fnc=lambda worker: min(len(worker.active_jobs) / settings.most_calls, 1.0),
        load_threshold=LOAD_THRESHOLD,
        drain_timeout=DRAIN_SECONDS,
    )
    server.rtc_session(agent_name=DISPATCH_NAME, on_request=accept)(hold_call)
    pool = await open_pool(settings.app_database_url, most_connections=1)
    registered = asyncio.Event()
    server.on("worker_registered", lambda *_: registered.set())
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    running = asyncio.create_task(server.run(devmode=False))
    beating = asyncio.create_task(beat_when_registered(registered, server, settings, pool))
    try:
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait([running, stopped], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        with suppress(TimeoutError, asyncio.TimeoutError):
            await server.drain(timeout=DRAIN_SECONDS)
        await server.aclose()
        await running
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        await pool.close()


async def beat_when_registered(
    registered: asyncio.Event, server: AgentServer, settings: AgentSettings, pool: Pool
) -> None:
    await registered.wait()
    await keep_beating(pool, uuid7(), "agent", lambda: settings.most_calls - len(server.active_jobs))
