import {
  computed,
  createError,
  toValue,
  useAsyncData,
  useNuxtApp,
  useState,
  watch,
} from "#imports";
import type { ConvexClient } from "convex/browser";
import {
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
  getFunctionName,
} from "convex/server";
import { convexToJson } from "convex/values";
import type { ConvexAuthState } from "kitcn/auth/browser";
import type { ComputedRef, MaybeRefOrGetter } from "vue";

/** Whether a user is signed in. The server knows it, too. */
export function useConvexAuth(): {
  isLoading: ComputedRef<boolean>;
  isAuthenticated: ComputedRef<boolean>;
} {
  const state = useState<ConvexAuthState>("convex-auth");
  return {
    isLoading: computed(() => state.value.isLoading),
    isAuthenticated: computed(() => state.value.isAuthenticated),
  };
}

/** The client that calls mutations and actions as the signed-in user. In the browser only. */
export function useConvexClient(): ConvexClient {
  return useNuxtApp().$convex;
}

/**
 * A query of the signed-in user: rendered on the server, and live in the browser. Returns what `useAsyncData` returns.
 * With "skip" as arguments, it asks nothing, and its data is null.
 *
 * @example
 * const { data } = await useConvexQuery(api.notes.list, {});
 */
export function useConvexQuery<Query extends FunctionReference<"query">>(
  query: Query,
  args: MaybeRefOrGetter<FunctionArgs<Query> | "skip">,
) {
  type Data = Awaited<FunctionReturnType<Query>> | null;
  const { $convex, $convexQuery } = useNuxtApp();
  const { isLoading, isAuthenticated } = useConvexAuth();
  const wanted = computed(() => toValue(args));
  const key = computed(() => {
    const shown = wanted.value === "skip" ? "skip" : convexToJson(wanted.value);
    return `convex:${getFunctionName(query)}:${JSON.stringify(shown)}`;
  });
  const answer = useAsyncData<Data>(key, async () =>
    wanted.value === "skip" ? null : $convexQuery(query, wanted.value),
  );
  if (import.meta.client)
    watch(
      [key, isAuthenticated, isLoading],
      (_now, [, wasAuthenticated], onCleanup) => {
        // The page must not show a user's data any longer than the user is signed in.
        if (wasAuthenticated && !isAuthenticated.value) answer.clear();
        // Until it is known who asks, nobody does.
        if (isLoading.value || wanted.value === "skip") return;
        const stop = $convex.onUpdate(
          query,
          wanted.value,
          (data) => {
            answer.data.value = data;
            answer.error.value = undefined;
            answer.status.value = "success";
          },
          (error) => {
            answer.error.value = createError(error);
            answer.status.value = "error";
          },
        );
        onCleanup(stop);
      },
      { immediate: true },
    );
  return answer;
}
