# sources.cmake - which files each part is made of.  A build of your own can
# include this file and use the lists; paths are relative to the project.
# SPDX-License-Identifier: MIT

# What it takes to send a mail: tools/size measures this list.
set(DUVA_CORE_SOURCES
    src/engine.c
    src/dialogue.c
    src/verdict.c
    src/reply.c
    src/caps.c
    src/command.c
    src/body.c
    src/sasl/password.c)

# Beside it, for programs that ask for it: English, and checks beforehand.
set(DUVA_EXTRA_SOURCES
    src/text.c
    src/check.c)

set(DUVA_CLIENT_SOURCES
    client/client.c)

set(DUVA_POSIX_SOURCES
    port/posix/posix.c
    port/posix/connect.c
    port/posix/address.c
    port/posix/send.c)

# The composer of messages.
set(DUVA_MIME_SOURCES
    mime/mime.c
    mime/walk.c
    mime/content.c
    mime/field.c
    mime/part.c
    mime/text.c
    mime/address.c
    mime/out.c
    mime/look.c
    mime/base64.c
    mime/qp.c
    mime/dkim.c
    mime/flowed.c)

# On hosts: with files.
set(DUVA_MIME_HOST_SOURCES
    mime/file.c)

# What it may have besides, on processors that are so: DUVA_FAST says so.
set(DUVA_MIME_X86_64_SOURCES
    mime/base64_avx2.c)
set(DUVA_MIME_AARCH64_SOURCES
    mime/base64_neon.c)

# TLS, by OpenSSL 3.
set(DUVA_OPENSSL_SOURCES
    port/openssl/openssl.c
    port/openssl/dkim.c)

# The NetX Duo SMTP Client API.
set(DUVA_NETX_SOURCES
    compat/netxduo/nxd_smtp_client.c
    compat/netxduo/nxd_smtp_message.c
    port/netx/duva_netx.c)
set(DUVA_NETX_INCLUDES
    compat/netxduo
    port/netx)

# The part of NetX Duo and ThreadX that such programs use, on POSIX.
set(DUVA_NETX_HOST_SOURCES
    compat/netxduo/host/host_thread.c
    compat/netxduo/host/host_sync.c
    compat/netxduo/host/host_txe.c
    compat/netxduo/host/host_packet.c
    compat/netxduo/host/host_ip.c
    compat/netxduo/host/host_tcp.c
    compat/netxduo/host/host_stream.c
    compat/netxduo/host/host_listen.c
    compat/netxduo/host/host_wire.c
    compat/netxduo/host/host_net.c
    compat/netxduo/host/host_map.c
    compat/netxduo/host/host_nxe.c
    compat/netxduo/host/host_nxe_tcp.c)

# The command: all but main.c, so that tests can have it too.
set(DUVA_CLI_MAIN
    cli/main.c)
set(DUVA_CLI_SOURCES
    cli/options.c
    cli/server.c
    cli/send.c
    cli/session.c
    cli/tls.c
    cli/message.c
    cli/compose.c
    cli/subject.c
    cli/secret.c
    cli/signals.c
    cli/trace.c
    cli/report.c
    cli/json.c
    cli/escape.c
    cli/utf8.c)

set(DUVA_PUBLIC_HEADERS
    include/duva/result.h
    include/duva/mail.h
    include/duva/sasl.h
    include/duva/config.h
    include/duva/engine.h
    include/duva/link.h
    include/duva/client.h
    include/duva/tls.h
    include/duva/openssl.h
    include/duva/posix.h
    include/duva/mime.h
    include/duva/mime_more.h
    include/duva/dkim.h
    include/duva/dkim_openssl.h)
