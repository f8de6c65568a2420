using System.Threading.Channels;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>What replicas of a service tell each other about one thing.</summary>
public sealed record NoticeChannel
{
    /// <summary>An identifier of PostgreSQL's, the same at all replicas.</summary>
    public required string Name { get; init; }

    /// <summary>What this replica has to tell.</summary>
    public required ChannelReader<string> Told { get; init; }

    /// <summary>Takes what any replica told, this one too.</summary>
    public required Action<string> Heard { get; init; }

    /// <summary>Runs whenever this replica begins to listen: what was told before, nobody here heard.</summary>
    public Func<CancellationToken, Task> Listening { get; init; } = _ => Task.CompletedTask;
}
