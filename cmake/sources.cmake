# sources.cmake - which files each part is made of.  A build of your own can
# include this file and use the lists; paths are relative to the project.  Each
# source and each public header stands here once: what several programs have is
# a list of its own.
# SPDX-License-Identifier: MIT

# The part of the engine that a module of the command needs.
set(DUVA_ADDRESS_SOURCES
    src/syntax/address.c)

# Overwrites secrets, in the engine and in such a module.
set(DUVA_WIPE_SOURCES
    src/sasl/wipe.c)

# What it takes to send a mail: tools/size measures this list.
set(DUVA_CORE_SOURCES
    src/engine.c
    src/state.c
    src/say.c
    src/listen.c
    src/position.c
    src/flight.c
    src/overlap.c
    src/verdict.c
    src/syntax/reply.c
    src/syntax/caps.c
    ${DUVA_ADDRESS_SOURCES}
    src/command.c
    src/trace.c
    src/params.c
    src/syntax/letters.c
    src/syntax/date.c
    src/query.c
    src/lmtp.c
    src/syntax/body.c
    src/sasl/password.c
    ${DUVA_WIPE_SOURCES})

# Beside it, for programs that ask for it: English, and checks beforehand.
set(DUVA_EXTRA_SOURCES
    src/text.c
    src/syntax/check.c
    src/extras.c
    src/dsn.c)

# The mechanisms beyond PLAIN and LOGIN.
set(DUVA_SASL_SOURCES
    src/sasl/words.c
    src/sasl/base64.c
    src/sasl/name.c
    src/sasl/oauth.c
    src/sasl/cram_md5.c
    src/sasl/scram.c)

set(DUVA_CLIENT_SOURCES
    client/client.c
    client/quit.c)

set(DUVA_POSIX_SOURCES
    port/posix/posix.c
    port/posix/connect.c
    port/posix/unix.c
    port/posix/address.c
    port/posix/result.c
    port/posix/send.c
    port/posix/extent.c)

# lwIP without an operating system: a link on its raw API.
set(DUVA_LWIP_SOURCES
    port/lwip/duva_lwip.c)

# Any other socket API: a link by a header of yours, DUVA_SOCKETS_HEADER.
set(DUVA_SOCKETS_SOURCES
    port/sockets/duva_sockets.c)

# International domains, by libidn2.
set(DUVA_IDN_SOURCES
    port/idn/idn.c)

# The composer of messages.
set(DUVA_MIME_SOURCES
    mime/compose/mime.c
    mime/compose/structure.c
    mime/compose/source.c
    mime/compose/content.c
    mime/compose/small.c
    mime/compose/small_part.c
    mime/compose/fields.c
    mime/field/date.c
    mime/compose/part.c
    mime/field/text.c
    mime/field/address.c
    mime/field/out.c
    mime/compose/inspect.c
    mime/encode/base64.c
    mime/encode/base64_lines.c
    mime/encode/utf8.c
    mime/encode/qp.c
    mime/dkim/dkim.c
    mime/compose/flowed.c
    mime/convert/convert.c
    mime/convert/converter.c
    mime/convert/parser.c
    mime/convert/content_fields.c
    mime/convert/encoded_words.c
    mime/convert/contents.c
    mime/fit.c)

# On hosts: with files.
set(DUVA_MIME_HOST_SOURCES
    mime/compose/file.c)

# What it may have besides, on x86-64 and aarch64: DUVA_FAST says so.
set(DUVA_MIME_FAST_SOURCES
    mime/encode/base64_fast.c)

# The way through a proxy, as a link over a link.
set(DUVA_PROXY_SOURCES
    port/proxy/proxy.c
    port/proxy/exchange.c
    port/proxy/socks5.c
    port/proxy/http.c
    port/proxy/address.c)

# Many sessions on a libuv loop.
set(DUVA_POOL_SOURCES
    port/uv/pool.c
    port/uv/match.c
    port/uv/session.c
    port/uv/race.c
    port/uv/proxy_connect.c
    port/uv/verdict.c
    port/uv/queue.c
    port/uv/context.c
    port/uv/endpoint.c
    port/uv/destination.c
    port/uv/loop.c
    port/uv/alarm.c
    port/uv/list.c)

# TLS, by OpenSSL 3.
set(DUVA_OPENSSL_SOURCES
    port/openssl/openssl.c
    port/openssl/words.c
    port/openssl/blame.c
    port/openssl/status.c
    port/openssl/crypto.c
    port/openssl/dkim.c
    port/openssl/trust.c)

# SASLprep, by GNU Libidn.
set(DUVA_SASLPREP_SOURCES
    port/saslprep/saslprep.c)

# TLS, by mbedTLS, and its digests alone.
set(DUVA_MBEDTLS_SOURCES
    port/mbedtls/mbedtls.c
    port/mbedtls/words.c
    port/mbedtls/blame.c
    port/mbedtls/records.c
    port/mbedtls/trust.c
    port/mbedtls/strict.c
    port/mbedtls/certificate.c)
set(DUVA_MBEDCRYPTO_SOURCES
    port/mbedtls/crypto.c
    port/mbedtls/psa.c)

# The NetX Duo SMTP Client API.  What is secure in it is empty in a build
# without NX_SECURE_ENABLE.
set(DUVA_NETX_SOURCES
    compat/netxduo/nxd_smtp_client.c
    compat/netxduo/nxd_smtp_claim.c
    compat/netxduo/nxd_smtp_check.c
    compat/netxduo/nxd_smtp_reply.c
    compat/netxduo/nxd_smtp_classic.c
    compat/netxduo/nxd_smtp_packets.c
    compat/netxduo/nxd_smtp_records.c
    compat/netxduo/nxd_smtp_mail.c
    compat/netxduo/nxd_smtp_message.c
    compat/netxduo/nxd_smtp_recipient.c
    compat/netxduo/nxd_smtp_session.c
    compat/netxduo/nxd_smtp_secure.c
    port/netx/duva_netx.c
    port/nxsecure/duva_nxsecure.c
    port/nxsecure/nxsecure_chain.c)
# Beside it, with the composer, for programs that send HTML or attachments.
set(DUVA_NETX_CONTENT_SOURCES
    compat/netxduo/nxd_smtp_content.c)
set(DUVA_NETX_INCLUDES
    compat/netxduo
    port/netx
    port/nxsecure)

# The part of NetX Duo and ThreadX that such programs use, on POSIX.
set(DUVA_NETX_HOST_INCLUDES
    compat/netxduo/host/threadx
    compat/netxduo/host/netx
    compat/netxduo/host/nxsecure)
set(DUVA_NETX_HOST_SOURCES
    compat/netxduo/host/threadx/scheduler.c
    compat/netxduo/host/threadx/sync.c
    compat/netxduo/host/threadx/txe.c
    compat/netxduo/host/netx/packet.c
    compat/netxduo/host/netx/ip.c
    compat/netxduo/host/netx/connection.c
    compat/netxduo/host/netx/tcp.c
    compat/netxduo/host/netx/stream.c
    compat/netxduo/host/netx/tcp_server.c
    compat/netxduo/host/netx/wire.c
    compat/netxduo/host/netx/net.c
    compat/netxduo/host/netx/map.c
    compat/netxduo/host/netx/nxe.c
    compat/netxduo/host/netx/nxe_tcp.c)

# The part of NX Secure, with OpenSSL 3.
set(DUVA_NXSECURE_HOST_SOURCES
    compat/netxduo/host/nxsecure/certificate.c
    compat/netxduo/host/nxsecure/tls.c
    compat/netxduo/host/nxsecure/tls_io.c)

# What the command, its modules and duva-oauth have in common, and what only
# the command and duva-oauth have.
set(DUVA_CLI_TEXT_SOURCES
    cli/text/escape.c
    cli/text/utf8.c)
set(DUVA_CLI_TOKEN_SOURCES
    cli/login/token.c
    cli/system/guard.c
    cli/system/clock.c)

# The command: all but main.c, so that tests can have it too.
set(DUVA_CLI_MAIN
    cli/main.c)
set(DUVA_CLI_SOURCES
    ${DUVA_CLI_TEXT_SOURCES}
    ${DUVA_CLI_TOKEN_SOURCES}
    cli/options/send_options.c
    cli/options/server_options.c
    cli/config/account_values.c
    cli/account/account_add.c
    cli/account/account_command.c
    cli/account/account_test.c
    cli/system/ask.c
    cli/account/provider.c
    cli/account/srv.c
    cli/config/config_files.c
    cli/config/config.c
    cli/system/expand.c
    cli/text/server.c
    cli/text/fingerprint.c
    cli/text/url.c
    cli/send/send.c
    cli/send/job.c
    cli/send/deliver.c
    cli/sendmail/sendmail.c
    cli/sendmail/submission.c
    cli/sendmail/smtp_stdin.c
    cli/sendmail/input_lines.c
    cli/sendmail/added_fields.c
    cli/message/header.c
    cli/sendmail/header_addresses.c
    cli/envelope/mailbox.c
    cli/envelope/idn_address.c
    cli/sendmail/address_set.c
    cli/sendmail/aliases.c
    cli/sendmail/complete_header.c
    cli/sendmail/local_addresses.c
    cli/report/log.c
    cli/session/session.c
    cli/session/connect.c
    cli/session/connection.c
    cli/session/listen.c
    cli/session/session_options.c
    cli/session/signal_link.c
    cli/login/auth.c
    cli/system/command.c
    cli/probe/probe.c
    cli/probe/probe_problems.c
    cli/probe/advertised.c
    cli/probe/probe_text.c
    cli/text/colour.c
    cli/probe/probe_json.c
    cli/session/proxy.c
    cli/session/proxy_url.c
    cli/trace/timeline.c
    cli/trace/chart_file.c
    cli/trace/svg.c
    cli/trace/timeline_svg.c
    cli/session/stop_after.c
    cli/session/tls.c
    cli/message/finished.c
    cli/system/temporary.c
    cli/message/outgoing.c
    cli/message/composed.c
    cli/message/draft.c
    cli/message/draft_fields.c
    cli/message/message_id.c
    cli/message/problem.c
    cli/system/random.c
    cli/envelope/date.c
    cli/message/draft_addresses.c
    cli/message/draft_parts.c
    cli/message/draft_files.c
    cli/envelope/recipients_file.c
    cli/envelope/parameters.c
    cli/message/sign.c
    cli/system/input.c
    cli/message/to_utf8.c
    cli/message/counter.c
    cli/trace/progress.c
    cli/options/merge_options.c
    cli/options/option.c
    cli/options/option_help.c
    cli/options/parameter_options.c
    cli/login/secret.c
    cli/system/helper.c
    cli/login/keyring.c
    cli/login/netrc.c
    cli/system/signals.c
    cli/trace/trace.c
    cli/outcome/outcome.c
    cli/outcome/exit_code.c
    cli/outcome/recipients.c
    cli/report/summary.c
    cli/report/report.c
    cli/report/facts.c
    cli/report/cause_text.c
    cli/report/proxy_text.c
    cli/report/recipients_text.c
    cli/report/advice.c
    cli/report/result_json.c
    cli/text/json_text.c)

# What it loads when it is needed; linked.c has it in one program instead.
set(DUVA_CLI_LOADER
    cli/modules/module.c)
set(DUVA_CLI_LINKED
    cli/modules/linked.c)
set(DUVA_CLI_TLS_SOURCES
    cli/modules/module_tls.c
    cli/modules/certificate.c)
set(DUVA_CLI_NAMES_SOURCES
    cli/modules/module_names.c)
# What a module must have of its own besides.
set(DUVA_CLI_TLS_SHARED
    ${DUVA_CLI_TEXT_SOURCES}
    ${DUVA_OPENSSL_SOURCES})
set(DUVA_CLI_NAMES_SHARED
    ${DUVA_ADDRESS_SOURCES}
    ${DUVA_WIPE_SOURCES}
    ${DUVA_SASLPREP_SOURCES})

# Mail merge, by the pool.
set(DUVA_CLI_MERGE_SOURCES
    cli/merge/merge.c
    cli/merge/merge_mails.c
    cli/merge/merge_results.c
    cli/merge/merge_report.c
    cli/merge/merge_state.c
    cli/trace/connection_chart.c
    cli/merge/route.c
    cli/merge/merge_text.c
    cli/merge/merge_template.c
    cli/merge/merge_message.c
    cli/text/word_list.c
    cli/modules/digest.c
    cli/merge/array.c
    cli/merge/rows.c
    cli/text/csv.c
    cli/text/template.c
    cli/merge/journal.c
    cli/merge/recipient_results.c)
# duva-oauth, which speaks HTTPS for it; the last are the command's too.
set(DUVA_OAUTH_MAIN
    cli/oauth/oauth_main.c)
set(DUVA_OAUTH_SOURCES
    cli/oauth/oauth_preset.c
    cli/oauth/oauth_flow.c
    cli/oauth/oauth_poll.c
    cli/oauth/oauth_browser.c
    cli/oauth/oauth_redirect.c
    cli/oauth/oauth_response.c
    cli/oauth/oauth_form.c
    cli/oauth/oauth_http.c
    cli/oauth/oauth_print.c
    cli/oauth/oauth_memory.c)
set(DUVA_OAUTH_SHARED_SOURCES
    ${DUVA_CLI_TEXT_SOURCES}
    ${DUVA_CLI_TOKEN_SOURCES})

set(DUVA_PUBLIC_HEADERS
    include/duva/profile.h
    include/duva/reason.h
    include/duva/result.h
    include/duva/mail.h
    include/duva/extras.h
    include/duva/sasl.h
    include/duva/crypto.h
    include/duva/scram.h
    include/duva/saslprep.h
    include/duva/config.h
    include/duva/engine.h
    include/duva/query.h
    include/duva/engine_state.h
    include/duva/overlap.h
    include/duva/link.h
    include/duva/client.h
    include/duva/tls.h
    include/duva/openssl.h
    include/duva/mbedtls.h
    include/duva/posix.h
    include/duva/pool.h
    include/duva/proxy.h
    include/duva/idn.h
    include/duva/mime.h
    include/duva/mime_more.h
    include/duva/convert.h
    include/duva/fit.h
    include/duva/dkim.h
    include/duva/dkim_openssl.h)
