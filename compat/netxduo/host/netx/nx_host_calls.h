/* nx_host_calls.h - NetX Duo's services, checked and bare. */
/* SPDX-License-Identifier: MIT */

/* Part of nx_api.h; not for direct use. */

#define NX_HOST_CREATE_IP                                                      \
    NX_IP *ip_ptr, CHAR *name, ULONG ip_address, ULONG network_mask,           \
        NX_PACKET_POOL *default_pool,                                          \
        VOID (*ip_link_driver)(struct NX_IP_DRIVER_STRUCT *),                  \
        VOID *memory_ptr, ULONG memory_size, UINT priority
#define NX_HOST_CREATE_SOCKET                                                  \
    NX_IP *ip_ptr, NX_TCP_SOCKET *socket_ptr, CHAR *name,                      \
        ULONG type_of_service, ULONG fragment, UINT time_to_live,              \
        ULONG window_size, VOID (*tcp_urgent_data_callback)(NX_TCP_SOCKET *),  \
        VOID (*tcp_disconnect_callback)(NX_TCP_SOCKET *)
#define NX_HOST_CREATE_POOL                                                    \
    NX_PACKET_POOL *pool_ptr, CHAR *name_ptr, ULONG payload_size,              \
        VOID *memory_ptr, ULONG memory_size

/* Most services have the same parameters in the checked form and in the
 * core; the few that differ stand below. */
#define NX_HOST_BOTH(checked, core, parameters)                                \
    UINT checked parameters;                                                   \
    UINT core parameters

/* clang-format off */

NX_HOST_BOTH(_nxe_packet_pool_delete, _nx_packet_pool_delete,
             (NX_PACKET_POOL *pool_ptr));
NX_HOST_BOTH(_nxe_packet_pool_info_get, _nx_packet_pool_info_get,
             (NX_PACKET_POOL *pool_ptr, ULONG *total_packets,
              ULONG *free_packets, ULONG *empty_pool_requests,
              ULONG *empty_pool_suspensions, ULONG *invalid_packet_releases));
NX_HOST_BOTH(_nxe_packet_allocate, _nx_packet_allocate,
             (NX_PACKET_POOL *pool_ptr, NX_PACKET **packet_ptr,
              ULONG packet_type, ULONG wait_option));
NX_HOST_BOTH(_nxe_packet_copy, _nx_packet_copy,
             (NX_PACKET *packet_ptr, NX_PACKET **new_packet_ptr,
              NX_PACKET_POOL *pool_ptr, ULONG wait_option));
NX_HOST_BOTH(_nxe_packet_data_append, _nx_packet_data_append,
             (NX_PACKET *packet_ptr, VOID *data_start, ULONG data_size,
              NX_PACKET_POOL *pool_ptr, ULONG wait_option));
NX_HOST_BOTH(_nxe_packet_data_extract_offset, _nx_packet_data_extract_offset,
             (NX_PACKET *packet_ptr, ULONG offset, VOID *buffer_start,
              ULONG buffer_length, ULONG *bytes_copied));
NX_HOST_BOTH(_nxe_packet_data_retrieve, _nx_packet_data_retrieve,
             (NX_PACKET *packet_ptr, VOID *buffer_start, ULONG *bytes_copied));
NX_HOST_BOTH(_nxe_packet_length_get, _nx_packet_length_get,
             (NX_PACKET *packet_ptr, ULONG *length));

NX_HOST_BOTH(_nxe_ip_delete, _nx_ip_delete, (NX_IP *ip_ptr));
NX_HOST_BOTH(_nxe_ip_status_check, _nx_ip_status_check,
             (NX_IP *ip_ptr, ULONG needed_status, ULONG *actual_status,
              ULONG wait_option));
NX_HOST_BOTH(_nxe_ip_address_get, _nx_ip_address_get,
             (NX_IP *ip_ptr, ULONG *ip_address, ULONG *network_mask));
NX_HOST_BOTH(_nxe_ip_interface_physical_address_get,
             _nx_ip_interface_physical_address_get,
             (NX_IP *ip_ptr, UINT interface_index, ULONG *physical_msw,
              ULONG *physical_lsw));
NX_HOST_BOTH(_nxe_ip_gateway_address_set, _nx_ip_gateway_address_set,
             (NX_IP *ip_ptr, ULONG ip_address));
NX_HOST_BOTH(_nxe_arp_enable, _nx_arp_enable,
             (NX_IP *ip_ptr, VOID *arp_cache_memory, ULONG arp_cache_size));
NX_HOST_BOTH(_nxe_icmp_enable, _nx_icmp_enable, (NX_IP *ip_ptr));
NX_HOST_BOTH(_nxde_icmp_enable, _nxd_icmp_enable, (NX_IP *ip_ptr));
NX_HOST_BOTH(_nxe_tcp_enable, _nx_tcp_enable, (NX_IP *ip_ptr));
NX_HOST_BOTH(_nxde_ipv6_enable, _nxd_ipv6_enable, (NX_IP *ip_ptr));
NX_HOST_BOTH(_nxde_ipv6_address_set, _nxd_ipv6_address_set,
             (NX_IP *ip_ptr, UINT interface_index, NXD_ADDRESS *ip_address,
              ULONG prefix_length, UINT *address_index));
NX_HOST_BOTH(_nxde_ipv6_default_router_add, _nxd_ipv6_default_router_add,
             (NX_IP *ip_ptr, NXD_ADDRESS *router_address,
              ULONG router_lifetime, UINT interface_index));

NX_HOST_BOTH(_nxe_tcp_socket_delete, _nx_tcp_socket_delete,
             (NX_TCP_SOCKET *socket_ptr));
NX_HOST_BOTH(_nxe_tcp_client_socket_bind, _nx_tcp_client_socket_bind,
             (NX_TCP_SOCKET *socket_ptr, UINT port, ULONG wait_option));
NX_HOST_BOTH(_nxe_tcp_client_socket_connect, _nx_tcp_client_socket_connect,
             (NX_TCP_SOCKET *socket_ptr, ULONG server_ip, UINT server_port,
              ULONG wait_option));
NX_HOST_BOTH(_nxde_tcp_client_socket_connect, _nxd_tcp_client_socket_connect,
             (NX_TCP_SOCKET *socket_ptr, NXD_ADDRESS *server_ip,
              UINT server_port, ULONG wait_option));
NX_HOST_BOTH(_nxe_tcp_client_socket_port_get, _nx_tcp_client_socket_port_get,
             (NX_TCP_SOCKET *socket_ptr, UINT *port_ptr));
NX_HOST_BOTH(_nxe_tcp_client_socket_unbind, _nx_tcp_client_socket_unbind,
             (NX_TCP_SOCKET *socket_ptr));
NX_HOST_BOTH(_nxe_tcp_socket_receive, _nx_tcp_socket_receive,
             (NX_TCP_SOCKET *socket_ptr, NX_PACKET **packet_ptr,
              ULONG wait_option));
NX_HOST_BOTH(_nxe_tcp_socket_receive_notify, _nx_tcp_socket_receive_notify,
             (NX_TCP_SOCKET *socket_ptr,
              VOID (*tcp_receive_notify)(NX_TCP_SOCKET *)));
NX_HOST_BOTH(_nxe_tcp_socket_disconnect, _nx_tcp_socket_disconnect,
             (NX_TCP_SOCKET *socket_ptr, ULONG wait_option));
NX_HOST_BOTH(_nxe_tcp_socket_state_wait, _nx_tcp_socket_state_wait,
             (NX_TCP_SOCKET *socket_ptr, UINT desired_state,
              ULONG wait_option));
NX_HOST_BOTH(_nxe_tcp_socket_peer_info_get, _nx_tcp_socket_peer_info_get,
             (NX_TCP_SOCKET *socket_ptr, ULONG *peer_ip_address,
              ULONG *peer_port));
NX_HOST_BOTH(_nxde_tcp_socket_peer_info_get, _nxd_tcp_socket_peer_info_get,
             (NX_TCP_SOCKET *socket_ptr, NXD_ADDRESS *peer_ip_address,
              ULONG *peer_port));

NX_HOST_BOTH(_nxe_tcp_server_socket_listen, _nx_tcp_server_socket_listen,
             (NX_IP *ip_ptr, UINT port, NX_TCP_SOCKET *socket_ptr,
              UINT listen_queue_size,
              VOID (*tcp_listen_callback)(NX_TCP_SOCKET *, UINT port)));
NX_HOST_BOTH(_nxe_tcp_server_socket_accept, _nx_tcp_server_socket_accept,
             (NX_TCP_SOCKET *socket_ptr, ULONG wait_option));
NX_HOST_BOTH(_nxe_tcp_server_socket_unaccept, _nx_tcp_server_socket_unaccept,
             (NX_TCP_SOCKET *socket_ptr));
NX_HOST_BOTH(_nxe_tcp_server_socket_relisten, _nx_tcp_server_socket_relisten,
             (NX_IP *ip_ptr, UINT port, NX_TCP_SOCKET *socket_ptr));
NX_HOST_BOTH(_nxe_tcp_server_socket_unlisten, _nx_tcp_server_socket_unlisten,
             (NX_IP *ip_ptr, UINT port));

/* clang-format on */

/* Create calls get the size of the control block, which finds headers and a
 * library built with different settings. Release and send calls get the address
 * of the pointer, and clear it when they took the packet. */
UINT _nx_packet_pool_create(NX_HOST_CREATE_POOL);
UINT _nxe_packet_pool_create(NX_HOST_CREATE_POOL, UINT control_block_size);
UINT _nx_packet_release(NX_PACKET *packet_ptr);
UINT _nxe_packet_release(NX_PACKET **packet_ptr_ptr);
UINT _nx_ip_create(NX_HOST_CREATE_IP);
UINT _nxe_ip_create(NX_HOST_CREATE_IP, UINT control_block_size);
UINT _nx_tcp_socket_create(NX_HOST_CREATE_SOCKET);
UINT _nxe_tcp_socket_create(NX_HOST_CREATE_SOCKET, UINT control_block_size);
UINT _nx_tcp_socket_send(NX_TCP_SOCKET *socket_ptr, NX_PACKET *packet_ptr,
                         ULONG wait_option);
UINT _nxe_tcp_socket_send(NX_TCP_SOCKET *socket_ptr, NX_PACKET **packet_ptr_ptr,
                          ULONG wait_option);
VOID _nx_system_initialize(VOID);
#define nx_system_initialize _nx_system_initialize

#include "nx_host_names.h"
