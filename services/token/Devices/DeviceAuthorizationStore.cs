using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Codes;

namespace Pltfrms.Iam.Token.Devices;

/// <summary>The table <c>device_authorization</c>.</summary>
public sealed class DeviceAuthorizationStore
{
    private const string AddSql = """
        insert into device_authorization (
            realm_id, device_hash, user_code_hash, client_id, grant_id, request, state, interval_seconds, expires_at)
        values (@RealmId, @DeviceHash, @UserCodeHash, @ClientId, @GrantId, @Request, 'Pending', @IntervalSeconds, @ExpiresAt)
        """;

    private const string FindSql = """
        select realm_id, device_hash, user_code_hash, client_id, grant_id, request, state, access, interval_seconds, polled_at, expires_at, consumed_at
        from device_authorization
        where realm_id = @realmId and device_hash = @deviceHash
        """;

    private const string FindByUserCodeSql = """
        select realm_id, device_hash, user_code_hash, client_id, grant_id, request, state, access, interval_seconds, polled_at, expires_at, consumed_at
        from device_authorization
        where realm_id = @realmId and user_code_hash = @userCodeHash and state = 'Pending' and expires_at > @now
        order by expires_at desc
        limit 1
        """;

    private const string AnswerSql = """
        update device_authorization
        set state = @state, access = @access
        where realm_id = @realmId and device_hash = @deviceHash and state = 'Pending' and expires_at > @now
        """;

    private const string PollSql = """
        update device_authorization
        set polled_at = @now, interval_seconds = @interval
        where realm_id = @RealmId and device_hash = @DeviceHash and expires_at = @ExpiresAt
        """;

    private const string ConsumeSql = """
        update device_authorization
        set consumed_at = @now
        where realm_id = @RealmId and device_hash = @DeviceHash and expires_at = @ExpiresAt and expires_at > @now
            and state = 'Approved' and consumed_at is null
        """;

    static DeviceAuthorizationStore()
    {
        PortableTypes.RegisterJson<AuthorizationRequest>();
        PortableTypes.RegisterJson<UserAccess>();
    }

    public Task AddAsync(DatabaseSession session, DeviceAuthorization device, CancellationToken cancellationToken) =>
        session.ExecuteAsync(AddSql, device, cancellationToken);

    /// <summary>A device, answered or expired or neither; null: there is none.</summary>
    public Task<DeviceAuthorization?> FindAsync(DatabaseSession session, string realmId, string deviceHash, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<DeviceAuthorization>(FindSql, new { realmId, deviceHash }, cancellationToken);

    /// <summary>A device that waits for its user, by what it shows; null: there is none.</summary>
    public Task<DeviceAuthorization?> FindWaitingAsync(
        DatabaseSession session, string realmId, string userCodeHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<DeviceAuthorization>(FindByUserCodeSql, new { realmId, userCodeHash, now }, cancellationToken);

    /// <summary>Keeps the user's answer. False where there is one already, or the device waits no longer.</summary>
    /// <param name="session">Writes.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="deviceHash">The device.</param>
    /// <param name="access">What is granted; null: nothing.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<bool> AnswerAsync(
        DatabaseSession session, string realmId, string deviceHash, UserAccess? access, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = (access is null ? DeviceState.Denied : DeviceState.Approved).ToString();
        return await session.ExecuteAsync(AnswerSql, new { realmId, deviceHash, state, access, now }, cancellationToken) == 1;
    }

    /// <summary>Notes that the device asked, and how long it must wait from now on.</summary>
    public Task PollAsync(DatabaseSession session, DeviceAuthorization device, long interval, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.ExecuteAsync(PollSql, new { device.RealmId, device.DeviceHash, device.ExpiresAt, interval, now }, cancellationToken);

    /// <summary>Uses a device code. Of all that ever try, one is told true.</summary>
    public async Task<bool> ConsumeAsync(DatabaseSession session, DeviceAuthorization device, DateTimeOffset now, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(ConsumeSql, new { device.RealmId, device.DeviceHash, device.ExpiresAt, now }, cancellationToken) == 1;
}
