using Microsoft.AspNetCore.Http;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>What a listener is for. Set as a feature of each of its connections.</summary>
internal sealed class Surface
{
    public static readonly Surface Grpc = new();

    public static readonly Surface Http = new();

    /// <summary>REST for clients that show certificates. Apart from <see cref="Http"/>, for browsers that are asked for one ask their users.</summary>
    public static readonly Surface MutualTls = new();

    /// <summary>Of the listener that a request came to.</summary>
    /// <remarks>By the indexer: the generic method is a virtual one, whose target is looked up anew at each call.</remarks>
    public static Surface? Of(HttpContext context) => context.Features[typeof(Surface)] as Surface;

    public bool IsHttp => this == Http || this == MutualTls;
}
