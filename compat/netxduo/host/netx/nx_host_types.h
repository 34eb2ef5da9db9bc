/* nx_host_types.h - NetX Duo's control blocks. */
/* SPDX-License-Identifier: MIT */

/* Part of nx_api.h; not for direct use.
 *
 * Fields named nx_*_host_* belong to the host layer; the others mean what
 * they mean on a target. All addresses are in host byte order. */

typedef struct NXD_ADDRESS_STRUCT {
    ULONG nxd_ip_version;
    union {
        ULONG v4;
        ULONG v6[4];
    } nxd_ip_address;
} NXD_ADDRESS;

/* As large as on a 64-bit target, so that a pool holds as many. */
typedef struct NX_PACKET_STRUCT {
    struct NX_PACKET_POOL_STRUCT *nx_packet_pool_owner;
#ifndef NX_DISABLE_PACKET_CHAIN
    struct NX_PACKET_STRUCT *nx_packet_next;
#endif
    UCHAR *nx_packet_prepend_ptr;
    UCHAR *nx_packet_append_ptr;
    UCHAR *nx_packet_data_start;
    UCHAR *nx_packet_data_end;
#ifndef NX_DISABLE_PACKET_CHAIN
    struct NX_PACKET_STRUCT *nx_packet_last;
#endif
    struct NX_PACKET_STRUCT *nx_packet_queue_next;
    union {
        struct NX_PACKET_STRUCT *nx_packet_tcp_queue_next;
        struct NX_PACKET_STRUCT *nx_packet_fragment_next;
    } nx_packet_union_next;
    ULONG nx_packet_length;
    ULONG nx_packet_reassembly_time;
    UCHAR nx_packet_option_state;
    UCHAR nx_packet_destination_header;
    USHORT nx_packet_option_offset;
    UCHAR nx_packet_ip_version;
    UCHAR nx_packet_identical_copy;
    UCHAR nx_packet_ip_header_length;
    UCHAR nx_packet_reserved;
    VOID *nx_packet_host_address;
    UCHAR *nx_packet_ip_header;
} NX_PACKET;

typedef struct NX_PACKET_POOL_STRUCT {
    ULONG nx_packet_pool_id;
    CHAR *nx_packet_pool_name;
    ULONG nx_packet_pool_available;
    ULONG nx_packet_pool_total;
    ULONG nx_packet_pool_empty_requests;
    ULONG nx_packet_pool_empty_suspensions;
    ULONG nx_packet_pool_invalid_releases;
    NX_PACKET *nx_packet_pool_available_list;
    CHAR *nx_packet_pool_start;
    ULONG nx_packet_pool_size;
    ULONG nx_packet_pool_payload_size;
    struct NX_PACKET_POOL_STRUCT *nx_packet_pool_created_next;
} NX_PACKET_POOL;

/* What a link driver is asked. The host layer never calls a driver. */
typedef struct NX_IP_DRIVER_STRUCT {
    UINT nx_ip_driver_command;
    UINT nx_ip_driver_status;
    ULONG nx_ip_driver_physical_address_msw;
    ULONG nx_ip_driver_physical_address_lsw;
    NX_PACKET *nx_ip_driver_packet;
    ULONG *nx_ip_driver_return_ptr;
    struct NX_IP_STRUCT *nx_ip_driver_ptr;
    VOID *nx_ip_driver_interface;
} NX_IP_DRIVER;

typedef struct NX_TCP_SOCKET_STRUCT {
    ULONG nx_tcp_socket_id;
    CHAR *nx_tcp_socket_name;
    UINT nx_tcp_socket_client_type;
    UINT nx_tcp_socket_port;
    ULONG nx_tcp_socket_mss;
    NXD_ADDRESS nx_tcp_socket_connect_ip;
    UINT nx_tcp_socket_connect_port;
    ULONG nx_tcp_socket_connect_mss;
    ULONG nx_tcp_socket_peer_mss;
    UINT nx_tcp_socket_state;
    ULONG nx_tcp_socket_transmit_queue_maximum; /* kept, and no limit here */
    ULONG nx_tcp_socket_rx_sequence; /* the peer's first, and no further */
    ULONG nx_tcp_socket_rx_window_default;
    ULONG nx_tcp_socket_rx_window_current;
    ULONG nx_tcp_socket_packets_sent;
    ULONG nx_tcp_socket_bytes_sent;
    ULONG nx_tcp_socket_packets_received;
    ULONG nx_tcp_socket_bytes_received;
    struct NX_IP_STRUCT *nx_tcp_socket_ip_ptr;
    ULONG nx_tcp_socket_type_of_service;
    UINT nx_tcp_socket_time_to_live;
    ULONG nx_tcp_socket_fragment_enable;
    ULONG nx_tcp_socket_receive_queue_count;
    NX_PACKET *nx_tcp_socket_receive_queue_head;
    NX_PACKET *nx_tcp_socket_receive_queue_tail;
    struct NX_TCP_SOCKET_STRUCT *nx_tcp_socket_bound_next;
    struct NX_TCP_SOCKET_STRUCT *nx_tcp_socket_created_next;
    VOID (*nx_tcp_urgent_data_callback)(struct NX_TCP_SOCKET_STRUCT *socket);
    VOID (*nx_tcp_disconnect_callback)(struct NX_TCP_SOCKET_STRUCT *socket);
    VOID (*nx_tcp_receive_callback)(struct NX_TCP_SOCKET_STRUCT *socket);
    VOID *nx_tcp_socket_reserved_ptr;
    struct NX_TCP_SOCKET_STRUCT *nx_tcp_socket_host_peer;
    ULONG64 nx_tcp_socket_host_order;
    int nx_tcp_socket_host_fd;
    VOID (*nx_tcp_socket_host_close)(struct NX_TCP_SOCKET_STRUCT *, int reset);
    UINT nx_tcp_socket_host_direct;
} NX_TCP_SOCKET;

struct duva_nx_listen {
    UINT port;
    NX_TCP_SOCKET *socket;
    VOID (*callback)(NX_TCP_SOCKET *socket, UINT port);
};

/* An address is valid as soon as it is set: nobody is asked whether it is a
 * duplicate. */
typedef struct NXD_IPV6_ADDRESS_STRUCT {
    UCHAR nxd_ipv6_address_valid;
    UCHAR nxd_ipv6_address_type;
    UCHAR nxd_ipv6_address_state;
    UCHAR nxd_ipv6_address_prefix_length;
    ULONG nxd_ipv6_address[4];
} NXD_IPV6_ADDRESS;

typedef struct NX_IP_STRUCT {
    ULONG nx_ip_id;
    CHAR *nx_ip_name;
    ULONG nx_ip_address;
    ULONG nx_ip_network_mask;
    ULONG nx_ip_gateway_address;
    NX_PACKET_POOL *nx_ip_default_packet_pool;
    NX_TCP_SOCKET *nx_ip_tcp_created_sockets_ptr;
    ULONG nx_ip_tcp_created_sockets_count;
    struct NX_IP_STRUCT *nx_ip_created_next;
    VOID *nx_ip_host_stack;
    ULONG nx_ip_host_stack_size;
    ULONG nx_ip_host_status;
    UINT nx_ip_host_icmp;
    UINT nx_ip_host_ipv6;
    UINT nx_ip_host_router;
    UINT nx_ip_host_v6_count;
    NXD_IPV6_ADDRESS nx_ipv6_address[NX_MAX_IPV6_ADDRESSES];
    struct duva_nx_listen nx_ip_host_listen[NX_MAX_LISTEN_REQUESTS];
} NX_IP;
