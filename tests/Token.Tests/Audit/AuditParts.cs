using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Common.Telemetry;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Audit;
using Token.Tests.Tokens;

namespace Token.Tests.Audit;

/// <summary>The audit trail without a service around it.</summary>
internal sealed class AuditParts : ILogger<TokenEventWriter>
{
    private readonly List<string> _lines = [];

    public AuditParts(IDatabase database, TimeProvider clock, int queueLength)
    {
        Metrics = new TokenEventMetrics(Telemetry());
        Queue = new TokenEventQueue(new TokenOptions { TokenEventQueueLength = queueLength }, Metrics, clock);
        Writer = new TokenEventWriter(Queue, database, new TokenEventStore(), Metrics, clock, this);
    }

    public TokenEventMetrics Metrics { get; }

    public TokenEventQueue Queue { get; }

    public TokenEventWriter Writer { get; }

    /// <summary>What the writer logged.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>For parts whose events nobody reads.</summary>
    public static TokenAudit Nobody(TimeProvider clock) =>
        new(new TokenEventQueue(new TokenOptions(), new TokenEventMetrics(Telemetry()), clock), new TokenMetrics(Telemetry()), clock);

    /// <summary>A client gets a token for itself.</summary>
    public static TokenEvent Issued(Realm realm, string tokenId, DateTimeOffset now) => new()
    {
        Realm = realm,
        Kind = TokenEventKind.Issued,
        HappenedAt = now,
        ClientId = "demo-service",
        Token = Token(realm.RealmId, tokenId, now),
        GrantType = "client_credentials",
    };

    public static AccessToken Token(string realmId, string tokenId, DateTimeOffset now) => TokenBench.Claims(realmId) with
    {
        TokenId = tokenId,
        Subject = Principal.Client("demo-service"),
        ClientId = "demo-service",
        IssuedAt = now,
        ExpiresAt = now.AddMinutes(5),
    };

    /// <summary>Those that are stored, the first ten thousand.</summary>
    public static async Task<IReadOnlyList<TokenEventRow>> ListAsync(IDatabase database, TokenEventFilter filter, TimeProvider clock)
    {
        await using var session = await database.OpenAsync(CancellationToken.None);
        return await new TokenEventStore().ListAsync(session, filter, position: null, 10_000, clock.GetUtcNow(), CancellationToken.None);
    }

    public static string NewId() => Guid.CreateVersion7().ToString("N");

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add(formatter(state, exception));
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private static ServiceTelemetry Telemetry() => new(
        new ServiceIdentity("token"),
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
}
