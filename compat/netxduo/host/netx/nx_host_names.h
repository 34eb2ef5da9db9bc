/* nx_host_names.h - the names programs write to the symbols behind them. */
/* SPDX-License-Identifier: MIT */

/* Part of nx_api.h; not for direct use. */

#ifdef NX_DISABLE_ERROR_CHECKING

#define nx_packet_pool_create _nx_packet_pool_create
#define nx_packet_pool_delete _nx_packet_pool_delete
#define nx_packet_pool_info_get _nx_packet_pool_info_get
#define nx_packet_allocate _nx_packet_allocate
#define nx_packet_copy _nx_packet_copy
#define nx_packet_data_append _nx_packet_data_append
#define nx_packet_data_extract_offset _nx_packet_data_extract_offset
#define nx_packet_data_retrieve _nx_packet_data_retrieve
#define nx_packet_length_get _nx_packet_length_get
#define nx_packet_release _nx_packet_release
#define nx_ip_create _nx_ip_create
#define nx_ip_delete _nx_ip_delete
#define nx_ip_status_check _nx_ip_status_check
#define nx_ip_address_get _nx_ip_address_get
#define nx_ip_gateway_address_set _nx_ip_gateway_address_set
#define nx_ip_interface_physical_address_get                                   \
    _nx_ip_interface_physical_address_get
#define nx_arp_enable _nx_arp_enable
#define nx_icmp_enable _nx_icmp_enable
#define nxd_icmp_enable _nxd_icmp_enable
#define nx_tcp_enable _nx_tcp_enable
#define nxd_ipv6_enable _nxd_ipv6_enable
#define nxd_ipv6_address_set _nxd_ipv6_address_set
#define nxd_ipv6_default_router_add _nxd_ipv6_default_router_add
#define nx_tcp_socket_create _nx_tcp_socket_create
#define nx_tcp_socket_delete _nx_tcp_socket_delete
#define nx_tcp_client_socket_bind _nx_tcp_client_socket_bind
#define nx_tcp_client_socket_connect _nx_tcp_client_socket_connect
#define nxd_tcp_client_socket_connect _nxd_tcp_client_socket_connect
#define nx_tcp_client_socket_port_get _nx_tcp_client_socket_port_get
#define nx_tcp_client_socket_unbind _nx_tcp_client_socket_unbind
#define nx_tcp_socket_send _nx_tcp_socket_send
#define nx_tcp_socket_receive _nx_tcp_socket_receive
#define nx_tcp_socket_receive_notify _nx_tcp_socket_receive_notify
#define nx_tcp_socket_disconnect _nx_tcp_socket_disconnect
#define nx_tcp_socket_state_wait _nx_tcp_socket_state_wait
#define nx_tcp_socket_peer_info_get _nx_tcp_socket_peer_info_get
#define nxd_tcp_socket_peer_info_get _nxd_tcp_socket_peer_info_get
#define nx_tcp_server_socket_listen _nx_tcp_server_socket_listen
#define nx_tcp_server_socket_accept _nx_tcp_server_socket_accept
#define nx_tcp_server_socket_unaccept _nx_tcp_server_socket_unaccept
#define nx_tcp_server_socket_relisten _nx_tcp_server_socket_relisten
#define nx_tcp_server_socket_unlisten _nx_tcp_server_socket_unlisten

#else

#define nx_packet_pool_create(p, n, l, m, s)                                   \
    _nxe_packet_pool_create((p), (n), (l), (m), (s),                           \
                            (UINT)sizeof(NX_PACKET_POOL))
#define nx_packet_pool_delete _nxe_packet_pool_delete
#define nx_packet_pool_info_get _nxe_packet_pool_info_get
#define nx_packet_allocate _nxe_packet_allocate
#define nx_packet_copy _nxe_packet_copy
#define nx_packet_data_append _nxe_packet_data_append
#define nx_packet_data_extract_offset _nxe_packet_data_extract_offset
#define nx_packet_data_retrieve _nxe_packet_data_retrieve
#define nx_packet_length_get _nxe_packet_length_get
#define nx_packet_release(p) _nxe_packet_release(&(p))
#define nx_ip_create(i, n, a, m, d, l, p, s, y)                                \
    _nxe_ip_create((i), (n), (a), (m), (d), (l), (p), (s), (y),                \
                   (UINT)sizeof(NX_IP))
#define nx_ip_delete _nxe_ip_delete
#define nx_ip_status_check _nxe_ip_status_check
#define nx_ip_address_get _nxe_ip_address_get
#define nx_ip_gateway_address_set _nxe_ip_gateway_address_set
#define nx_ip_interface_physical_address_get                                   \
    _nxe_ip_interface_physical_address_get
#define nx_arp_enable _nxe_arp_enable
#define nx_icmp_enable _nxe_icmp_enable
#define nxd_icmp_enable _nxde_icmp_enable
#define nx_tcp_enable _nxe_tcp_enable
#define nxd_ipv6_enable _nxde_ipv6_enable
#define nxd_ipv6_address_set _nxde_ipv6_address_set
#define nxd_ipv6_default_router_add _nxde_ipv6_default_router_add
#define nx_tcp_socket_create(i, s, n, t, f, l, w, u, d)                        \
    _nxe_tcp_socket_create((i), (s), (n), (t), (f), (l), (w), (u), (d),        \
                           (UINT)sizeof(NX_TCP_SOCKET))
#define nx_tcp_socket_delete _nxe_tcp_socket_delete
#define nx_tcp_client_socket_bind _nxe_tcp_client_socket_bind
#define nx_tcp_client_socket_connect _nxe_tcp_client_socket_connect
#define nxd_tcp_client_socket_connect _nxde_tcp_client_socket_connect
#define nx_tcp_client_socket_port_get _nxe_tcp_client_socket_port_get
#define nx_tcp_client_socket_unbind _nxe_tcp_client_socket_unbind
#define nx_tcp_socket_send(s, p, t) _nxe_tcp_socket_send((s), &(p), (t))
#define nx_tcp_socket_receive _nxe_tcp_socket_receive
#define nx_tcp_socket_receive_notify _nxe_tcp_socket_receive_notify
#define nx_tcp_socket_disconnect _nxe_tcp_socket_disconnect
#define nx_tcp_socket_state_wait _nxe_tcp_socket_state_wait
#define nx_tcp_socket_peer_info_get _nxe_tcp_socket_peer_info_get
#define nxd_tcp_socket_peer_info_get _nxde_tcp_socket_peer_info_get
#define nx_tcp_server_socket_listen _nxe_tcp_server_socket_listen
#define nx_tcp_server_socket_accept _nxe_tcp_server_socket_accept
#define nx_tcp_server_socket_unaccept _nxe_tcp_server_socket_unaccept
#define nx_tcp_server_socket_relisten _nxe_tcp_server_socket_relisten
#define nx_tcp_server_socket_unlisten _nxe_tcp_server_socket_unlisten

#endif
